//go:build linux || darwin

package sandbox

import (
	"errors"
	"os"
)

// enterEmptyFolder makes the working directory one that nothing is in and nothing
// can be put in: it does not exist any more.
func enterEmptyFolder() error {
	folder, err := os.MkdirTemp("", "parley-sandbox-")
	if err != nil {
		return errors.Join(err, os.Chdir("/")) // at least it is not the server's
	}
	return errors.Join(os.Chdir(folder), os.Remove(folder))
}
