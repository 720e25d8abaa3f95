"""What does API v2 (`sesv2`) answer? One public function per operation, named as in boto3."""
