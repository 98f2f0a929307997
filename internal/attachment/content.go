package attachment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"parley"
	"parley/internal/blob"
)

// Content is the bytes of an attachment: it can be read from any place. Nothing is
// opened before it is read. It must be closed.
type Content struct {
	ctx     context.Context
	from    *Attachments
	org     parley.OrganizationID
	obj     parley.Attachment
	offset  int64
	current io.ReadCloser
}

// Open gives the bytes of an attachment, for as long as ctx lasts.
func (a *Attachments) Open(ctx context.Context, org parley.OrganizationID, obj parley.Attachment) *Content {
	return &Content{ctx: ctx, from: a, org: org, obj: obj}
}

// Ready opens the bytes, so that trouble is known before anything is answered. Bytes
// that went with their attachment meanwhile are a NotFound error.
func (c *Content) Ready() error {
	if c.current != nil || c.offset >= c.obj.Size {
		return nil
	}
	current, err := c.from.Files.Open(c.ctx, blob.Key(c.org, string(c.obj.ID)), c.offset)
	if errors.Is(err, fs.ErrNotExist) {
		if _, gone := c.from.Get(c.ctx, c.org, c.obj.ID); gone != nil {
			return gone
		}
		return fmt.Errorf("the bytes of %s are not where files are kept: %w", c.obj.ID, err)
	}
	c.current = current
	return err
}

func (c *Content) Read(p []byte) (int, error) {
	if err := c.Ready(); err != nil {
		return 0, err
	}
	if c.current == nil {
		return 0, io.EOF
	}
	n, err := c.current.Read(p)
	c.offset += int64(n)
	return n, err
}

// Seek implements [io.Seeker].
func (c *Content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.offset
	case io.SeekEnd:
		offset += c.obj.Size
	}
	if offset < 0 {
		return c.offset, errors.New("seek before the beginning of a file")
	}
	if offset != c.offset {
		c.Close()
		c.offset = offset
	}
	return offset, nil
}

// Close ends the reading.
func (c *Content) Close() {
	if c.current != nil {
		_ = c.current.Close() // it was read from only: nothing can be lost
		c.current = nil
	}
}
