"""The operations of API v2 (`sesv2`): one public function each, named as in boto3."""
