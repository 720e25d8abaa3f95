"""The operations of API v1 (`ses`): one public function each, named as in boto3."""
