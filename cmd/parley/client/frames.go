package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// errEnded says that the server ended a stream, as it does when it stops.
var errEnded = errors.New("the server ended the stream")

// frames reads server-sent events and gives the name and the data of each to take,
// until the stream ends or take fails. Every line, a comment too, is a sign of life.
func frames(stream io.Reader, alive func(), take func(event string, data []byte) error) error {
	lines := bufio.NewReaderSize(stream, 64<<10)
	var event string
	var data []byte
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return errEnded // what is left of a frame is not a frame
		}
		if err != nil {
			return err
		}
		alive()
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			if data != nil {
				if err := take(event, data); err != nil {
					return err
				}
			}
			event, data = "", nil
			continue
		}
		if name, ok := bytes.CutPrefix(line, []byte("event:")); ok {
			event = string(bytes.TrimPrefix(name, []byte(" ")))
		}
		if text, ok := bytes.CutPrefix(line, []byte("data:")); ok {
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, bytes.TrimPrefix(text, []byte(" "))...)
		}
	}
}
