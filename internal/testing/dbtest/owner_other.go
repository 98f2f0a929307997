//go:build !unix

package dbtest

import (
	"errors"
	"os"
	"os/exec"
)

// owner is who the server runs as: nobody, where there is no Unix to run it on.
type owner struct{}

func serverOwner() (owner, error) {
	return owner{}, errors.New("a throwaway server needs a Unix system; set PARLEY_TEST_DATABASE_URL instead")
}

func (owner) adopt(string) error { return nil }

func (owner) apply(*exec.Cmd) {}

func terminate(p *os.Process) error { return p.Kill() }

func quit(p *os.Process) error { return p.Kill() }

func freeze(*os.Process) error { return errors.ErrUnsupported }

func thaw(*os.Process) error { return errors.ErrUnsupported }
