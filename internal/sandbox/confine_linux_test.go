package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// inRole starts this binary in another role.
func inRole(t *testing.T, role string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(t.Context(), self, role)
}

// probe gives up what a child gives up, and then tries to do what it must not.
func probe(out io.Writer) {
	parent := syscall.Getppid()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	found := map[string]string{"lacking": strings.Join(confine(256<<20), ", ")}
	try := func(name string, err error) { found[name] = fmt.Sprint(err) }
	_, err = os.Open("/etc/passwd")
	try("open", err)
	_, err = os.OpenFile("x", os.O_CREATE|os.O_WRONLY, 0o600)
	try("create", err)
	_, err = os.ReadDir(".")
	try("list", err)
	_, err = net.DialTimeout("tcp", listener.Addr().String(), time.Second)
	try("dial", err)
	_, err = syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	try("socket", err)
	_, err = listener.Accept()
	try("accept", err)
	try("kill", syscall.Kill(parent, 0))
	try("kill thread", syscall.Tgkill(parent, parent, 0))
	_, err = syscall.ForkExec("/proc/self/exe", []string{"x"}, nil)
	try("fork", err)
	try("exec", syscall.Exec("/proc/self/exe", []string{"x"}, nil))
	try("ptrace", syscall.PtraceAttach(parent))
	try("limits", syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 10, Max: 10}))
	_, err = syscall.Mmap(-1, 0, 4096, syscall.PROT_READ|syscall.PROT_EXEC, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	try("code", err)
	_, err = syscall.Mmap(-1, 0, 1<<30, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	try("memory", err)
	try("threads", stillWorks())
	text, _ := json.Marshal(found)
	_, _ = out.Write(text)
}

// stillWorks makes the Go runtime do what it may have to do later: start threads,
// collect garbage, keep time.
func stillWorks() error {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			<-time.After(time.Millisecond)
			_ = make([]byte, 1<<20)
		})
	}
	wg.Wait()
	runtime.GC()
	return nil
}

func TestTheKernelHoldsAChild(t *testing.T) {
	t.Parallel()
	cmd := inRole(t, "test-confined")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var got map[string]string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	if strings.Contains(got["lacking"], "system call filter") {
		t.Skipf("this machine lacks what the test is about: %s", got["lacking"])
	}
	const refused = "operation not permitted"
	for name, want := range map[string]string{
		"lacking": "", "open": refused, "create": refused, "list": refused, "dial": refused, "socket": refused, "accept": refused,
		"kill": refused, "kill thread": refused, "fork": refused, "exec": refused, "ptrace": refused, "limits": refused, "code": refused,
		"memory": "cannot allocate memory", "threads": "<nil>",
	} {
		if name == "lacking" && got[name] != "" || !strings.HasSuffix(got[name], want) {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
}

func TestAChildInheritsNothing(t *testing.T) {
	t.Parallel()
	// A descriptor that this process hands on without meaning to.
	leak, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(leak) }()
	s, happened := watched(t, Options{Workers: 1})
	run(t, s, busyFor, `0`)
	proc := filepath.Join("/proc", strconv.Itoa(happened.await(t, "sandbox.child_started").pid()))

	environment, err := os.ReadFile(filepath.Join(proc, "environ"))
	if err != nil || string(environment) != "TZ=UTC\x00GOMAXPROCS=2\x00" {
		t.Errorf("environment: %q, %v", environment, err)
	}
	open, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range open {
		target, _ := os.Readlink(filepath.Join(proc, "fd", fd.Name()))
		if n, _ := strconv.Atoi(fd.Name()); n > 2 && !strings.HasPrefix(target, "anon_inode:[event") && !strings.HasPrefix(target, "/sys/fs/cgroup/") {
			t.Errorf("descriptor %d is %s", n, target)
		}
	}
	if folder, err := os.Readlink(filepath.Join(proc, "cwd")); err != nil || !strings.HasSuffix(folder, " (deleted)") {
		t.Errorf("its folder is %s, %v", folder, err)
	}
	status, err := os.ReadFile(filepath.Join(proc, "status"))
	if err != nil || !strings.Contains(string(status), "NoNewPrivs:\t1\n") {
		t.Errorf("status: %s, %v", status, err)
	}
}

// runServer is a server that calls a script without end and says who its child is.
func runServer() {
	happened := make(incidents, 10)
	s := New(Options{Workers: 1, Timeout: time.Minute, KillAfter: time.Minute, Logger: slog.New(happened)})
	go func() { fmt.Println((<-happened).pid()) }()
	_, _, err := s.Call(context.Background(), busyFor, "transform", json.RawMessage(`60000`))
	panic(err)
}

func TestAChildDoesNotOutliveItsServer(t *testing.T) {
	t.Parallel()
	// Orphans become children of this process, so that it can wait for them.
	const setChildSubreaper = 36
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		t.Fatal(errno)
	}
	server := inRole(t, "test-server")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Fscan(out, &child); err != nil {
		t.Fatal(err)
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(child, &status, 0, nil); err != nil || status.Signal() != syscall.SIGKILL {
		t.Errorf("the child ended with %v, %v", status, err)
	}
}
