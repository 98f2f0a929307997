package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"
)

const (
	// room is how much may be written until the disk is full.
	room = 8 << 20
	// wholeDisk is how large the disk is.
	wholeDisk = 32 << 20
)

// The disk becomes full while the server is written to. Writes are refused with a
// reason, reads and deliveries go on, nothing acknowledged is lost; and when there is
// room again everything goes on by itself.
func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	onSmallDisks(t, fillAndCheck)
}

// onSmallDisks runs a body where files have a limit, and on a file system that has one.
// Not everybody may mount that; the limit of files stands for it there.
func onSmallDisks(t *testing.T, body func(*testing.T, smallDisk)) {
	t.Helper()
	t.Run("files with a limit", func(t *testing.T) {
		t.Parallel()
		body(t, limitedFiles(t))
	})
	disk, err := smallFileSystem(t)
	if err != nil {
		t.Logf("no file system can be mounted here: %v", err)
		return
	}
	t.Run("file system", func(t *testing.T) {
		t.Parallel()
		body(t, disk)
	})
}

func fillAndCheck(t *testing.T, disk smallDisk) {
	t.Helper()
	s := newLoaded(t, filepath.Join(disk.folder, "data"), "")
	disk.fill(t, s.process)
	stop := s.write(t)
	s.waitForMore(t)
	s.waitForRefusals(t)
	s.waitForReadiness(t, http.StatusServiceUnavailable, "disk")
	s.want(t, "/healthz", http.StatusOK)
	s.want(t, "/v1/events?limit=10", http.StatusOK)
	stop()
	if len(s.away) != 1 || s.away[disk.status] == 0 {
		t.Errorf("the writers were turned away by status %v, want only %d", s.away, disk.status)
	}
	s.checkAll(t) // while it is full

	disk.free(t, s.process)
	s.waitForReadiness(t, http.StatusOK, "ready")
	stop = s.write(t)
	s.waitForMore(t)
	stop()
	s.settle(t)
	s.checkAll(t)

	// Once more, and then a crash.
	disk.fill(t, s.process)
	stop = s.write(t)
	s.waitForRefusals(t)
	stop()
	s.checkLog(t)
	s.process.kill()
	disk.free(t, s.process)
	s.start(t)
	s.settle(t)
	s.checkAll(t)
}

// smallDisk is a place that can be full.
type smallDisk struct {
	folder string
	status int // of a write when it is full
	fill   func(*testing.T, *process)
	free   func(*testing.T, *process)
}

// limitedFiles makes the disk full for one process, by a limit on the size of its
// files. It needs no rights.
func limitedFiles(t *testing.T) smallDisk {
	t.Helper()
	var before syscall.Rlimit
	return smallDisk{
		folder: t.TempDir(),
		status: http.StatusServiceUnavailable, // SQLite tells no more than that the disk fails
		fill: func(t *testing.T, p *process) {
			t.Helper()
			before = limitFiles(t, p, nil)
			limitFiles(t, p, &syscall.Rlimit{Cur: room, Max: before.Max})
		},
		free: func(t *testing.T, p *process) {
			t.Helper()
			select {
			case <-p.ended: // and its limit with it
			default:
				limitFiles(t, p, &before)
			}
		},
	}
}

// limitFiles sets how large the files of a process may be, and gives how large they
// might be before.
func limitFiles(t *testing.T, p *process, to *syscall.Rlimit) (before syscall.Rlimit) {
	t.Helper()
	_, _, failed := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.cmd.Process.Pid), syscall.RLIMIT_FSIZE,
		uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(&before)), 0, 0)
	if failed != 0 {
		t.Fatalf("limit the size of files: %v", failed)
	}
	return before
}

// smallFileSystem mounts a file system, for the length of the test.
func smallFileSystem(t *testing.T) (smallDisk, error) {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d", wholeDisk)); err != nil {
		return smallDisk{}, err
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	ballast := filepath.Join(folder, "ballast")
	return smallDisk{
		folder: folder,
		status: http.StatusInsufficientStorage,
		fill: func(t *testing.T, _ *process) {
			t.Helper()
			var s syscall.Statfs_t
			if err := syscall.Statfs(folder, &s); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(ballast, make([]byte, max(0, int64(s.Bavail)*s.Bsize-room)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		free: func(t *testing.T, _ *process) {
			t.Helper()
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		},
	}, nil
}
