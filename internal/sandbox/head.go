package sandbox

import (
	"bytes"
	"sync"
)

const headSize = 2048

// head keeps the beginning of what is written to it, which in a crash is the reason.
type head struct {
	mu   sync.Mutex
	text []byte
}

func (h *head) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text = append(h.text, b[:min(len(b), headSize-len(h.text))]...)
	return len(b), nil
}

// firstLine is the first line of it.
func (h *head) firstLine() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	line, _, _ := bytes.Cut(h.text, []byte{'\n'})
	return string(line)
}
