"""What does API v1 (`ses`) answer? One public function per operation, named as in boto3."""
