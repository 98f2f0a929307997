package sandbox

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestAMessageArrivesAsItWasSent(t *testing.T) {
	t.Parallel()
	var pipe bytes.Buffer
	sent := []message{{[]byte("a"), nil, []byte(strings.Repeat("b", 100_000))}, {}, {nil}}
	for _, m := range sent {
		if err := writeMessage(&pipe, m); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range sent {
		got, err := readMessage(&pipe, 200_000)
		if err != nil || !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("got %d parts, %v; want %d", len(got), err, len(want))
		}
	}
	if _, err := readMessage(&pipe, 1); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add([]byte{0, 0, 0, 5, 0, 0, 0, 1, 'a'})
	f.Add([]byte{255, 255, 255, 255})
	f.Add([]byte{0, 0, 0, 4, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := readMessage(bytes.NewReader(raw), 1000)
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeMessage(&again, m); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(raw, again.Bytes()) {
			t.Errorf("%v was read as %v", raw, m)
		}
		_, _ = readAnswer(m) // does not panic
	})
}
