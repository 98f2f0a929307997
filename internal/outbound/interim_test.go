package outbound

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"

	"parley/internal/testing/receiver"
)

func TestInterimAnswersAreIgnored(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	r.Func(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProcessing)
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
	})
	c := dev(t)
	if got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")}); got.Status != 202 || !got.OK() {
		t.Errorf("got %+v %+v", got, got.Failure)
	}
}

func TestInterimAnswersWithoutEndAreCutOff(t *testing.T) {
	t.Parallel()
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		for err == nil {
			_, err = io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
		}
	}()
	c := dev(t)
	got := c.Send(t.Context(), &Request{Target: must(c.Target("http://"+listener.Addr().String(), nil))(t)})
	if got.Failure == nil || got.Failure.Kind != TooLarge {
		t.Errorf("got %+v %+v", got, got.Failure)
	}
}
