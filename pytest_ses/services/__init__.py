"""Other AWS services that the fake reaches: SNS, Firehose, EventBridge, CloudWatch, S3, Lambda."""
