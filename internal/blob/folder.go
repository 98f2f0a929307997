package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"time"
)

// unfinished is the folder of files that are being put. No key leads there.
const unfinished = ".unfinished"

// Folder keeps files in a folder, one below it for each organization. Nothing it is
// given leads out of the folder, through links neither.
type Folder struct{ root *os.Root }

// OpenFolder opens a folder, and makes it if it is missing. It must be closed.
func OpenFolder(name string) (*Folder, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("the folder %s for files cannot be made: %w", name, err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("the folder %s for files cannot be opened: %w", name, err)
	}
	if err := root.MkdirAll(unfinished, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("the folder %s for files cannot be written to: %w", name, err), root.Close())
	}
	return &Folder{root}, nil
}

// Close frees the folder. Files that are open can still be read.
func (f *Folder) Close() error { return f.root.Close() }

// Put implements [Store]: the bytes go to the disk under a name of their own, which
// becomes the key's when all are there.
func (f *Folder) Put(ctx context.Context, key string, from io.Reader, limit int64) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	name := path.Join(unfinished, rand.Text())
	src := &source{ctx: ctx, from: from, limit: limit}
	err := f.write(name, src)
	if err == nil {
		err = f.move(name, key)
	}
	if err != nil {
		_ = f.root.Remove(name) // else the sweep does
	}
	if src.err != nil {
		return 0, src.err
	}
	return src.size, trouble("keep "+key, err)
}

func (f *Folder) write(name string, from io.Reader) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// move gives a finished file its place, and has that on the disk, too.
func (f *Folder) move(name, key string) error {
	folder := path.Dir(key)
	if err := f.root.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := f.root.Rename(name, key); err != nil {
		return err
	}
	err := errors.Join(f.sync(folder), f.sync("."))
	if err != nil { // it is there, and might not be after a power cut
		err = errors.Join(err, f.root.Remove(key))
	}
	return err
}

func (f *Folder) sync(folder string) error {
	if runtime.GOOS == "windows" { // which cannot
		return nil
	}
	dir, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open implements [Store].
func (f *Folder) Open(_ context.Context, key string, offset int64) (io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, trouble("open "+key, err)
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return nil, trouble("open "+key, errors.Join(err, file.Close()))
	}
	return file, nil
}

// Delete implements [Store].
func (f *Folder) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := f.root.Remove(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return trouble("delete "+key, err)
}

// Sweep implements [Store].
func (f *Folder) Sweep(ctx context.Context, before time.Time, stray Stray) (removed int, err error) {
	err = f.each(ctx, ".", func(folders []string) error {
		for _, folder := range folders {
			n, err := f.sweep(ctx, folder, before, stray)
			removed += n
			if err != nil {
				return err
			}
		}
		return nil
	})
	return removed, trouble("sweep", err)
}

// sweep sweeps one folder.
func (f *Folder) sweep(ctx context.Context, folder string, before time.Time, stray Stray) (removed int, err error) {
	if folder == unfinished {
		stray = func(_ context.Context, names []string) ([]string, error) { return names, nil }
	}
	err = f.each(ctx, folder, func(names []string) error {
		var old []string
		for _, name := range names {
			info, err := f.root.Lstat(path.Join(folder, name))
			if err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
				old = append(old, path.Join(folder, name))
			}
		}
		if len(old) == 0 {
			return nil
		}
		goes, err := stray(ctx, old)
		if err != nil {
			return err
		}
		for _, name := range goes {
			if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}

// each gives the names in a folder, some at a time.
func (f *Folder) each(ctx context.Context, folder string, do func(names []string) error) error {
	dir, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }() // it was read from only: nothing can be lost
	if info, err := dir.Stat(); err != nil || !info.IsDir() {
		return err
	}
	for ctx.Err() == nil {
		names, err := dir.Readdirnames(SweepBatch)
		if len(names) > 0 {
			if err := do(names); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
