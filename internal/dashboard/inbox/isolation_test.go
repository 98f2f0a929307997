package inbox_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/internal/dashboard/inbox"
	"parley/internal/testing/desk"
)

// Two organizations have the same sample data, and their owners see their own.
func TestNobodySeesAnotherOrganizationsConversations(t *testing.T) {
	t.Parallel()
	s := desk.Start(t, desk.Config(filepath.Join(t.TempDir(), "data")))
	const kim desk.Person = "kim@example.net"
	for _, owner := range []desk.Person{desk.Owner, kim} {
		if _, err := s.PlantDemo(t.Context(), string(owner), desk.Password); err != nil {
			t.Fatal(err)
		}
	}
	d := desk.Desk{URL: s.URL()}
	own, other := d.Client(t, desk.Owner), d.Client(t, kim)
	rows := regexp.MustCompile(`row-(conv_\w+)`)
	_, body := d.Get(t, own, "/inbox?status=any")
	_, theirs := d.Get(t, other, "/inbox?status=any")
	found := rows.FindStringSubmatch(body)
	if found == nil || !rows.MatchString(theirs) {
		t.Fatal("nobody has conversations")
	}
	if strings.Contains(theirs, found[1]) {
		t.Error("the list has conversations of another organization")
	}
	for _, route := range inbox.Routes(nil) {
		method, path, _ := strings.Cut(route.Pattern, " ")
		if !strings.Contains(path, "{id}") {
			continue
		}
		path = strings.ReplaceAll(path, "{id}", found[1])
		status := 0
		if method == http.MethodGet {
			status, _ = d.Get(t, other, path+"?before=msg_01kaf0v3bsf2t6k8m1q5w9c4xd")
		} else {
			status, _, _ = d.Post(t, other, path, url.Values{"text": {"x"}, "status": {"resolved"}, "until": {"week"}, "label": {"x"}, "subject": {"x"}, "name": {"x"}})
		}
		if status != http.StatusNotFound {
			t.Errorf("%s %s answers %d", method, path, status)
		}
	}
}
