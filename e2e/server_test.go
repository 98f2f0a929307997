package e2e_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// startLimit is how long a server may take to be ready: the race detector and two
// busy processors make it slow.
const startLimit = 30 * time.Second

// listening finds the address in the log, whatever its format.
var listening = regexp.MustCompile(`server\.listening"?[ ,]"?addr"?[=:]"?([0-9.:]+)`)

// startServer starts the program as a server on a free port and gives its address
// once it is ready.
func startServer(dir string, env []string, args ...string) (p *process, addr string, err error) {
	args = append(append([]string(nil), args...), "--addr", "127.0.0.1:0")
	if p, err = startProcess(dir, env, binary, args...); err != nil {
		return nil, "", err
	}
	if addr, err = p.address(); err == nil {
		err = ready(addr)
	}
	if err != nil {
		p.kill()
		return nil, "", fmt.Errorf("%w\n%s", err, p.stderr)
	}
	return p, addr, nil
}

// address waits until the server's log says where it listens.
func (p *process) address() (string, error) {
	deadline := time.After(startLimit)
	for {
		text, more := p.stderr.read()
		if found := listening.FindStringSubmatch(text); found != nil {
			return found[1], nil
		}
		select {
		case <-more:
		case <-p.ended:
			return "", fmt.Errorf("the server ended: %w", p.err)
		case <-deadline:
			return "", errors.New("the server does not say that it listens")
		}
	}
}

func ready(addr string) error {
	client := http.Client{Timeout: startLimit}
	answer, err := client.Get("http://" + addr + "/readyz")
	if err != nil {
		return fmt.Errorf("ask whether it is ready: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("it is not ready: %s", answer.Status)
	}
	return nil
}
