//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package server

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps a second server off a data folder: it would deliver everything a
// second time. Commands that only write do not mind. The system frees the lock
// when the process ends, however it does.
func lock(folder string) (release func() error, err error) {
	file, err := os.OpenFile(filepath.Join(folder, "parley.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return func() error {
			// Not by closing alone: a child process that is just being started may have
			// the file open for a moment longer.
			return errors.Join(syscall.Flock(int(file.Fd()), syscall.LOCK_UN), file.Close())
		}, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("the data folder %s is in use by another Parley: stop that one, or choose another folder with --data", folder)
	}
	return nil, errors.Join(err, file.Close())
}
