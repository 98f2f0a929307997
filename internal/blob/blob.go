// Package blob keeps files: streams of bytes under keys, in a folder ([OpenFolder])
// or in an S3 bucket ([OpenS3]).
//
// A file is there as a whole or not at all: what is put appears under its key once
// every byte of it is on the disk, or acknowledged by S3, and what is broken off
// before leaves nothing that anybody can open. What a crash leaves behind is removed
// by [Store.Sweep].
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"syscall"
	"time"

	"parley"
)

// Store keeps files under keys: see [Key]. It may be used by several goroutines.
// Its errors have kinds (see [parley.Error]): TooLarge, InsufficientSpace, and
// Unavailable for what may pass.
type Store interface {
	// Put keeps what from gives to its end under a key, and tells how many bytes that
	// were. Over limit bytes it is a TooLarge error. If from fails, its error is
	// returned as it is, and nothing is kept.
	Put(ctx context.Context, key string, from io.Reader, limit int64) (size int64, err error)

	// Open reads a file from an offset to its end. The error of what is not there is
	// [fs.ErrNotExist]. Whoever opens it closes it.
	Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error)

	// Delete removes a file; removing an absent one is no error.
	Delete(ctx context.Context, key string) error

	// Sweep removes the files put before a time that stray says are nobody's; it is
	// asked about up to [SweepBatch] keys at once. What was left of puts that were
	// broken off before then goes too. It tells how many files it removed.
	Sweep(ctx context.Context, before time.Time, stray Stray) (removed int, err error)
}

// Stray tells which of some keys are nobody's.
type Stray func(ctx context.Context, keys []string) ([]string, error)

// SweepBatch is how many keys a [Stray] is asked about at most.
const SweepBatch = 200

// Key is the key of a file of an organization.
func Key(org parley.OrganizationID, name string) string { return string(org) + "/" + name }

var validKey = regexp.MustCompile(`^[a-z0-9_]{1,100}/[a-z0-9_]{1,100}$`)

// checkKey keeps out what could lead anywhere else. No client chooses a key.
func checkKey(key string) error {
	if !validKey.MatchString(key) {
		return fmt.Errorf("%q is no key of a file", key)
	}
	return nil
}

// errSource stands for whatever error a source has. Libraries take some errors of
// readers (io.ErrUnexpectedEOF) for an end, and would keep half a file.
var errSource = errors.New("the source of the file failed")

// source reads what is to be kept up to its limit, and remembers why it ended.
type source struct {
	ctx   context.Context
	from  io.Reader
	limit int64
	size  int64
	err   error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, errSource
	}
	n, err := s.from.Read(p)
	s.size += int64(n)
	switch {
	case s.size > s.limit:
		s.err = tooLarge(s.limit)
	case err != nil && !errors.Is(err, io.EOF):
		s.err = err
	default:
		return n, err
	}
	return 0, errSource
}

func tooLarge(limit int64) error {
	return parley.Errorf(parley.TooLarge, "The file has over %d bytes, which is the limit of this server. Send a smaller one, or ask whoever runs the server to raise --max-upload.", limit)
}

// again is when it is worth another try: somebody has to do something first.
const again = 5 * time.Second

// trouble gives an error of the place where files are kept the kind that a caller can
// act on.
func trouble(doing string, err error) error {
	var e *parley.Error
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist), errors.As(err, &e):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", doing, err)
	case errors.Is(err, syscall.ENOSPC):
		e = parley.Errorf(parley.InsufficientSpace, "The disk that keeps files is full: nothing was kept. The same request works once whoever runs the server has freed space on it.")
	default:
		e = parley.Errorf(parley.Unavailable, "The place that keeps files does not serve at the moment. Try again shortly.")
	}
	e.RetryAfter = again
	return e.Because(fmt.Errorf("%s: %w", doing, err))
}
