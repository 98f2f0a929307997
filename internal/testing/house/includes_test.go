package house_test

import (
	"testing"

	"parley/internal/testing/house"
)

// Every test of the API counts on what Includes notices.
func TestIncludes(t *testing.T) {
	t.Parallel()
	const got = `{"id":"a","n":1.50,"list":[{"x":1,"y":2}],"data":{"previous":{"name":"Ada"}},"none":null}`
	for want, includes := range map[string]bool{
		`{}`: true, `{"id":"a"}`: true, `{"none":null}`: true, `{"n":1.50}`: true, `{"list":[{"x":1}]}`: true,
		`{"data":{"previous":{"name":"Ada"}}}`: true, got: true,
		`{"id":"b"}`: false, `{"id":1}`: false, `{"other":null}`: false, `{"n":1.5}`: false, `{"list":[]}`: false, `{"list":[{"x":2}]}`: false,
		`{"list":{"x":1}}`: false, `{"data":[]}`: false, `{"data":{"previous":{}}}`: false, `{"data":{"previous":{"name":"Ada","x":1}}}`: false, `[]`: false,
	} {
		if err := house.Includes([]byte(got), want); (err == nil) != includes {
			t.Errorf("it includes %s: %v", want, err)
		}
	}
}
