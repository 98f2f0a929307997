package e2e_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The receiver that the README shows keeps every promise that `parley check` asks
// about, but for TLS, which it leaves to a proxy.
func TestTheExampleReceiverPassesEveryCheck(t *testing.T) {
	t.Parallel()
	const secret = "WEBHOOK_SECRET=whsec_c2VjcmV0LW9mLWFuLWUyZS1zdG9yeS0xMjM0NTY="
	port := freePort(t)
	p, err := startProcess(t.TempDir(), append(os.Environ(), secret), buildReceiver(t, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	url := "http://127.0.0.1:" + port + "/"
	awaitAnswer(t, url)

	// What is slow here is this machine: as slow as can be is in time.
	cmd := exec.Command(binary, "check", url, "--timeout", "30s", "--only", allChecksButLatency)
	cmd.Env = append(os.Environ(), "PARLEY_"+secret)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "\n20 of 21 passed, 1 warning.\n") || !strings.HasPrefix(string(out), "! https ") {
		t.Errorf("%v\n%s", err, out)
	}
}

const allChecksButLatency = "rotation,raw_bytes,bad_signature,other_secret,changed_body,missing_headers,unknown_version,stale,future," +
	"event_types,unknown_type,unknown_members,duplicate,large_payload,at_once,keep_alive,answer_size"

// awaitAnswer waits until something answers at a URL.
func awaitAnswer(t *testing.T, url string) {
	t.Helper()
	deadline := time.After(checkLimit)
	look := time.NewTicker(checkPause)
	defer look.Stop()
	for {
		if _, err := ask(url, "", "GET", "", "", nil); err == nil {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("nothing answers at %s", url)
		}
	}
}
