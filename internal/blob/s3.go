package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Config says which bucket files are kept in. The bucket must exist.
type S3Config struct {
	Endpoint  string // such as https://s3.eu-central-1.amazonaws.com
	Region    string // us-east-1 if empty, which many services take for any
	Bucket    string
	AccessKey string
	SecretKey string
}

const (
	// partSize is how many bytes of a file are in memory while it is put. It is the
	// least that S3 takes as a part.
	partSize = 5 << 20
	// attempts is how often a request to S3 is made.
	attempts = 3
)

// S3 keeps files in a bucket of Amazon S3 or of a service that speaks its language.
type S3 struct {
	client minio.Core
	bucket string
}

// OpenS3 makes a Store of a bucket. It asks nothing of the service yet: see
// [S3.Check].
func OpenS3(c S3Config) (*S3, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
		return nil, errors.New("the S3 endpoint must be a URL like https://s3.eu-central-1.amazonaws.com, without the bucket and without credentials")
	}
	if c.Bucket == "" || c.AccessKey == "" || c.SecretKey == "" {
		return nil, errors.New("S3 needs a bucket, an access key and a secret key")
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	client, err := minio.NewCore(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: u.Scheme == "https",
		Region: c.Region, BucketLookup: minio.BucketLookupPath, MaxRetries: attempts,
	})
	if err != nil {
		return nil, fmt.Errorf("use S3: %w", err)
	}
	return &S3{*client, c.Bucket}, nil
}

// Check tells whether the service can be reached and lets us into the bucket.
func (s *S3) Check(ctx context.Context) error {
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("look for the bucket %s: %w", s.bucket, err)
	}
	if !there {
		return fmt.Errorf("there is no bucket %s", s.bucket)
	}
	return nil
}

// Put implements [Store]. What fits into one part goes in one request; S3 shows what
// takes more when all parts are there.
func (s *S3) Put(ctx context.Context, key string, from io.Reader, limit int64) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	src := &source{ctx: ctx, from: from, limit: limit}
	err := s.put(ctx, key, src)
	if src.err != nil {
		return 0, src.err
	}
	return src.size, trouble("keep "+key, err)
}

func (s *S3) put(ctx context.Context, key string, src *source) error {
	// Whatever the file is, who asks the bucket for it gets nothing that a browser runs.
	options := minio.PutObjectOptions{ContentType: "application/octet-stream", PartSize: partSize, NumThreads: 1}
	// Bytes are checked by their MD5, which every service knows; signed in pieces, some
	// keep the signatures with them.
	options.SendContentMd5, options.DisableContentSha256 = true, true
	var head bytes.Buffer
	_, err := io.CopyN(&head, src, partSize)
	if errors.Is(err, io.EOF) {
		_, err = s.client.Client.PutObject(ctx, s.bucket, key, bytes.NewReader(head.Bytes()), int64(head.Len()), options)
		return err
	}
	if err != nil {
		return err
	}
	_, err = s.client.Client.PutObject(ctx, s.bucket, key, io.MultiReader(&head, src), -1, options)
	return err
}

// Open implements [Store].
func (s *S3) Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	var options minio.GetObjectOptions
	if offset > 0 {
		if err := options.SetRange(offset, 0); err != nil {
			return nil, fmt.Errorf("open %s: %w", key, err)
		}
	}
	object, _, _, err := s.client.GetObject(ctx, s.bucket, key, options)
	if err != nil {
		return nil, trouble("open "+key, absent(err))
	}
	return object, nil
}

// absent is [fs.ErrNotExist] for what S3 does not have.
func absent(err error) error {
	if answer := minio.ToErrorResponse(err); answer.StatusCode == http.StatusNotFound && answer.Code == minio.NoSuchKey {
		return fs.ErrNotExist
	}
	return err
}

// Delete implements [Store].
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if errors.Is(absent(err), fs.ErrNotExist) {
		return nil
	}
	return trouble("delete "+key, err)
}

// Sweep implements [Store].
func (s *S3) Sweep(ctx context.Context, before time.Time, stray Stray) (removed int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // which ends the listings
	var old []string
	sweep := func() error {
		goes, err := stray(ctx, old)
		if err != nil {
			return err
		}
		for _, key := range goes {
			if err := s.Delete(ctx, key); err != nil {
				return err
			}
			removed++
		}
		old = old[:0]
		return nil
	}
	for object := range s.client.Client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			return removed, trouble("list files", object.Err)
		}
		if checkKey(object.Key) != nil || !object.LastModified.Before(before) {
			continue // somebody else's, or too young
		}
		if old = append(old, object.Key); len(old) == SweepBatch {
			if err := sweep(); err != nil {
				return removed, err
			}
		}
	}
	if len(old) > 0 {
		if err := sweep(); err != nil {
			return removed, err
		}
	}
	return removed, s.abort(ctx, before)
}

// abort ends uploads in parts that were begun before a time and never finished.
func (s *S3) abort(ctx context.Context, before time.Time) error {
	for upload := range s.client.ListIncompleteUploads(ctx, s.bucket, "", true) {
		if upload.Err != nil {
			return trouble("list unfinished uploads", upload.Err)
		}
		if checkKey(upload.Key) != nil || !upload.Initiated.Before(before) {
			continue
		}
		if err := s.client.AbortMultipartUpload(ctx, s.bucket, upload.Key, upload.UploadID); err != nil {
			return trouble("end an unfinished upload of "+upload.Key, err)
		}
	}
	return ctx.Err()
}
