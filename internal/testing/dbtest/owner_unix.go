//go:build unix

package dbtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// owner is who the server runs as. PostgreSQL refuses to run as root, so tests
// that do hand it over to the user its package made, or to nobody.
type owner struct {
	other    bool
	uid, gid uint32
}

func serverOwner() (owner, error) {
	if os.Geteuid() != 0 {
		return owner{}, nil
	}
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return owner{other: true, uid: uint32(uid), gid: uint32(gid)}, nil
	}
	return owner{}, fmt.Errorf("it cannot run as root and there is no user postgres or nobody")
}

// adopt makes dir the owner's.
func (o owner) adopt(dir string) error {
	if !o.other {
		return nil
	}
	return os.Chown(dir, int(o.uid), int(o.gid))
}

// apply makes cmd run as the owner, and in a session of its own, so that an
// interrupt meant for the tests does not reach it.
func (o owner) apply(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if o.other {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid}
	}
}

// terminate asks for PostgreSQL's fast shutdown: sessions are ended, nothing waits.
func terminate(p *os.Process) error { return p.Signal(syscall.SIGINT) }

// quit asks for PostgreSQL's immediate shutdown.
func quit(p *os.Process) error { return p.Signal(syscall.SIGQUIT) }

// freeze stops a process until thaw lets it go on.
func freeze(p *os.Process) error { return p.Signal(syscall.SIGSTOP) }

func thaw(p *os.Process) error { return p.Signal(syscall.SIGCONT) }
