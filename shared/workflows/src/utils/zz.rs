let a = Meesho::new(); // x
use aws_sdk_sqs;
// consignment TODO
