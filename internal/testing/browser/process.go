package browser

import (
	"context"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// names are what Chromium is called on the systems that we know.
var names = []string{
	"chromium",
	"chromium-browser",
	"google-chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// process is the Chromium of this test binary. It is the one global of the
// package: test functions have no other place to share a process.
var process struct {
	sync.Mutex
	browser context.Context
	stop    func()
	tests   int // that use it now
}

// shared returns the context of the Chromium that the running tests share. The
// first test starts it; it stops, and its files go, when the last of those that
// run at the same time has ended.
func shared(t testing.TB) context.Context {
	t.Helper()
	path := find()
	if path == "" {
		t.Skipf("Chromium is not installed: none of %q can be run", names)
	}
	process.Lock()
	defer process.Unlock()
	if process.tests == 0 {
		browser, stop, err := start(path)
		if err != nil {
			t.Fatalf("start %s: %v", path, err)
		}
		process.browser, process.stop = browser, stop
	}
	process.tests++
	t.Cleanup(release)
	return process.browser
}

func release() {
	process.Lock()
	defer process.Unlock()
	process.tests--
	if process.tests == 0 {
		process.stop()
	}
}

func find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// start runs Chromium headless with a fresh profile in a temporary folder. It
// ends with this process, however this process ends, because it is held by a pipe.
func start(path string) (browser context.Context, stop func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // as root, in a container, there is none to be had
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-proxy-server", true),
		// No page of a test reaches beyond this machine, whatever it asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	browser, stopBrowser := chromedp.NewContext(allocator, chromedp.WithErrorf(ignore))
	stop = func() {
		stopBrowser()
		stopAllocator()
	}
	if err := chromedp.Do(browser); err != nil {
		stop()
		return nil, nil, err
	}
	return browser, stop, nil
}

// ignore drops what the library says about events that it does not know. They
// come with every new Chromium and concern no test.
func ignore(string, ...any) {}
