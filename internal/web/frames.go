package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// frameWrite is how long a client may take to accept what is sent to it at once.
const frameWrite = 30 * time.Second

// Frames writes server-sent events. What is added is kept until it is sent.
type Frames struct {
	w     http.ResponseWriter
	flush *http.ResponseController
	buf   []byte
}

// OpenFrames answers a request with a stream that lasts as long as the handler. A client
// whose stream ends comes back after retry. An error means that the client has gone.
func OpenFrames(w http.ResponseWriter, retry time.Duration) (*Frames, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // or nginx would hold events back
	w.WriteHeader(http.StatusOK)
	f := &Frames{w: w, flush: http.NewResponseController(w)}
	f.buf = fmt.Appendf(f.buf, "retry: %d\n\n", retry.Milliseconds())
	if err := f.Send(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Add adds an event. A client that comes back says the last id that it was sent; 0 is
// none, and leaves that as it was. Neither the event nor data may have line breaks.
func (f *Frames) Add(id int64, event string, data []byte) {
	if id != 0 {
		f.addID(id)
	}
	f.buf = append(f.buf, "event: "...)
	f.buf = append(f.buf, event...)
	f.buf = append(f.buf, "\ndata: "...)
	f.buf = append(f.buf, data...)
	f.buf = append(f.buf, "\n\n"...)
}

// Mark adds an id without an event: a client that comes back then says this one.
func (f *Frames) Mark(id int64) {
	f.addID(id)
	f.buf = append(f.buf, '\n')
}

func (f *Frames) addID(id int64) {
	f.buf = append(f.buf, "id: "...)
	f.buf = strconv.AppendInt(f.buf, id, 10)
	f.buf = append(f.buf, '\n')
}

// Comment adds what clients pass over: it keeps the connection in use.
func (f *Frames) Comment() { f.buf = append(f.buf, ":\n\n"...) }

// Send sends what was added. An error means that the client has gone, or does not read.
func (f *Frames) Send() error {
	if len(f.buf) == 0 {
		return nil
	}
	if err := f.flush.SetWriteDeadline(time.Now().Add(frameWrite)); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	if _, err := f.w.Write(f.buf); err != nil {
		return err
	}
	f.buf = f.buf[:0]
	return f.flush.Flush()
}

// Close leaves the connection as it was: it may serve other requests.
func (f *Frames) Close() { _ = f.flush.SetWriteDeadline(time.Time{}) }
