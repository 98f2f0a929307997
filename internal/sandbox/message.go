package sandbox

import (
	"encoding/binary"
	"fmt"
	"io"
)

// message is what a sandbox and its child say to each other: a few byte strings.
// On the pipe it is its length, then each part after its own length, all lengths
// in four bytes.
type message [][]byte

const (
	lengthSize = 4
	maxParts   = 8
)

// writeMessage writes a message at once.
func writeMessage(w io.Writer, m message) error {
	size := 0
	for _, part := range m {
		size += lengthSize + len(part)
	}
	frame := make([]byte, 0, lengthSize+size)
	frame = binary.BigEndian.AppendUint32(frame, uint32(size))
	for _, part := range m {
		frame = binary.BigEndian.AppendUint32(frame, uint32(len(part)))
		frame = append(frame, part...)
	}
	_, err := w.Write(frame)
	return err
}

// readMessage reads a message of at most limit bytes. The error is io.EOF if
// there is none.
func readMessage(r io.Reader, limit int) (message, error) {
	var length [lengthSize]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(length[:])
	if uint64(size) > uint64(limit) {
		return nil, fmt.Errorf("a message of %d bytes, at most %d are taken", size, limit)
	}
	frame := make([]byte, size)
	if _, err := io.ReadFull(r, frame); err != nil {
		return nil, fmt.Errorf("a message that breaks off: %w", err)
	}
	return split(frame)
}

func split(frame []byte) (message, error) {
	var m message
	for len(frame) > 0 {
		if len(frame) < lengthSize || len(m) == maxParts {
			return nil, fmt.Errorf("a message that is not made of parts")
		}
		size := binary.BigEndian.Uint32(frame)
		frame = frame[lengthSize:]
		if uint64(size) > uint64(len(frame)) {
			return nil, fmt.Errorf("a message with a part that is longer than itself")
		}
		m = append(m, frame[:size:size])
		frame = frame[size:]
	}
	return m, nil
}
