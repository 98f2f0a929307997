package main

import (
	"errors"

	"parley/internal/blob"
)

// s3Flags say which bucket attachments are kept in.
type s3Flags struct {
	Bucket    string `help:"S3 bucket to keep attachments in, instead of the data folder." placeholder:"NAME"`
	Endpoint  string `help:"S3 service of the bucket, by its URL." default:"https://s3.amazonaws.com" placeholder:"URL"`
	Region    string `help:"Region of the bucket." default:"us-east-1"`
	AccessKey string `help:"Access key for the bucket." placeholder:"KEY"`
	SecretKey string `help:"Secret key for the bucket." placeholder:"KEY"`
}

func (f s3Flags) check() error {
	if f.Bucket == "" && (f.AccessKey != "" || f.SecretKey != "") {
		return errors.New("--s3-access-key and --s3-secret-key go with --s3-bucket")
	}
	return nil
}

func (f s3Flags) config() blob.S3Config {
	if f.Bucket == "" {
		return blob.S3Config{}
	}
	return blob.S3Config{Endpoint: f.Endpoint, Region: f.Region, Bucket: f.Bucket, AccessKey: f.AccessKey, SecretKey: f.SecretKey}
}
