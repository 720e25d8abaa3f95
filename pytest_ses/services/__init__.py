"""Other AWS services that the fake calls: SNS, Firehose, EventBridge, CloudWatch, S3, Lambda."""
