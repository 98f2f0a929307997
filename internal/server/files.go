package server

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"parley/internal/blob"
)

const (
	// filesFolder is where attachments are in the data folder.
	filesFolder = "files"
	// filesPatience is how long S3 may take to answer at the start.
	filesPatience = 5 * time.Second
)

// openFiles opens the place where attachments are kept. A bucket that cannot be used
// now is told of and no reason not to start: all else works without it.
func (s *Server) openFiles(ctx context.Context) error {
	s.closeFiles = func() error { return nil }
	if s.config.Files != (blob.S3Config{}) {
		bucket, err := blob.OpenS3(s.config.Files)
		if err != nil {
			return err
		}
		s.files = bucket
		ctx, cancel := context.WithTimeout(ctx, filesPatience)
		defer cancel()
		if err := bucket.Check(ctx); err != nil {
			s.logger.Warn("server.files_unreachable", "error", err, "hint", "uploads and downloads answer 503 until the bucket can be used")
		}
		return nil
	}
	if s.config.Data == "" {
		return errors.New("there is no place to keep files in: give --data for a folder, or --s3-bucket")
	}
	folder, err := blob.OpenFolder(filepath.Join(s.config.Data, filesFolder))
	if err != nil {
		return err
	}
	s.files, s.closeFiles = folder, folder.Close
	return nil
}
