package client_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/cmd/parley/client"
	"parley/internal/testing/receiver"
)

func TestProblemsAreReadable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, want string
		status           int
	}{
		{
			"of Parley",
			`{"type":"/docs#error-422","title":"Unprocessable Entity","status":422,"detail":"Some fields are wrong.","errors":[{"location":"body.name","message":"is required"},{"location":"body.email","message":"is no email"}],"request_id":"req_1"}`,
			"the server answered 422 Unprocessable Entity: Some fields are wrong. body.name is required. body.email is no email. (request req_1)",
			http.StatusUnprocessableEntity,
		},
		{"of somebody else", "<html>Bad gateway</html>", "the server answered 502 Bad Gateway: The server gave no reason that Parley would give: is it one?", http.StatusBadGateway},
		{"of nobody", "", "the server answered 404 Not Found: The server gave no reason", http.StatusNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := receiver.New(t)
			r.AnswerBody(test.status, test.body)
			c, err := client.New(r.URL, "key")
			if err != nil {
				t.Fatal(err)
			}
			err = c.Do(t.Context(), http.MethodGet, "/v1/contacts", nil, nil)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestServersThatAreNoneAreNamed(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "localhost:8080", "ftp://example.com", "http://", "::"} {
		if _, err := client.New(url, "key"); err == nil {
			t.Errorf("%q was taken for a server", url)
		}
	}
}
