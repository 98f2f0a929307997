package check_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/check"
	"parley/internal/outbound"
	testreceiver "parley/internal/testing/receiver"
)

const address = "http://receiver.example.com/hook"

// verdicts are the names of the checks that came to a verdict.
func verdicts(r check.Report, v check.Verdict) (names []string) {
	for _, o := range r.Checks {
		if o.Verdict == v {
			names = append(names, o.Name)
		}
	}
	return names
}

func words(s string) []string { return strings.Fields(s) }

// examine checks a receiver whose time is virtual.
func examine(t *testing.T, receiver http.Handler, o check.Options) check.Report {
	t.Helper()
	o.URL, o.Client = address, serve(t, receiver)
	report, err := check.Run(t.Context(), o)
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	return report
}

// Each receiver is caught by the checks that are meant for it, and by no other.
func TestMisbehaviourIsCaught(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		receiver http.Handler
		fails    string
		warns    string // besides https, as the receivers speak plain http
	}{
		{"correct", receiver{}, "", ""},
		{"never verifies", receiver{verify: never}, "bad_signature other_secret changed_body missing_headers unknown_version stale future", ""},
		{"verifies JSON written anew", receiver{verify: rewriting(anew)}, "raw_bytes", ""},
		{"verifies JSON written anew by another", receiver{verify: rewriting(asMap)}, "signature", ""},
		{"no tolerance", receiver{verify: library().VerifyIgnoringTimestamp}, "stale future", ""},
		{"tolerance in one direction", receiver{verify: oldOnly}, "future", ""},
		{"one signature only", receiver{verify: firstOnly}, "rotation", ""},
		{"any version", receiver{verify: anyVersion}, "unknown_version", ""},
		{"verifies what is signed only", receiver{verify: ifSigned}, "missing_headers", ""},
		{"does not sign the body", receiver{verify: anyBody}, "changed_body", ""},
		{"breaks on bad signatures", receiver{refuse: status(500)}, "", "bad_signature other_secret changed_body missing_headers unknown_version stale future"},
		{"404 for unknown types", receiver{take: but(404, "conversation.applauded")}, "unknown_type", ""},
		{"knows few types", receiver{take: only(400, "message.", "conversation.")}, "event_types", ""},
		{"strict", receiver{take: strict}, "unknown_members", ""},
		{"409 for duplicates", receiver{take: once()}, "duplicate", ""},
		{"100 KiB", receiver{limit: 100 << 10}, "large_payload", ""},
		{"500 KiB", receiver{limit: 500 << 10}, "large_payload", ""},
		{"few at once", receiver{take: few(10)}, "at_once", ""},
		{"one at a time", receiver{take: oneByOne(600 * time.Millisecond)}, "at_once", ""},
		{"closes connections", receiver{take: hangUp}, "", "keep_alive"},
		{"answers with a page", receiver{take: page(60 << 10)}, "", ""},
		{"answers with a long page", receiver{take: page(100 << 10)}, "", "keep_alive answer_size"},
		{"redirects", http.RedirectHandler("https://elsewhere.example.com/", http.StatusMovedPermanently), "redirect", ""},
		{"broken", receiver{take: but(500, "message.created")}, "signature", ""},
		{"no such path", http.NotFoundHandler(), "signature", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				report := examine(t, test.receiver, check.Options{Secret: secret})
				if got := verdicts(report, check.Fail); !slices.Equal(got, words(test.fails)) {
					t.Errorf("failed are %v, want %v\n%+v", got, words(test.fails), report.Checks)
				}
				if got := verdicts(report, check.Warning); !slices.Equal(got, words("https "+test.warns)) {
					t.Errorf("warned of %v, want %v\n%+v", got, words("https "+test.warns), report.Checks)
				}
				for _, o := range report.Checks {
					if (o.Verdict == check.Pass) != (o.Mend == "") || o.Verdict == check.Fail && (o.Sent == "" || o.Received == "") {
						t.Errorf("incomplete: %+v", o)
					}
				}
			})
		})
	}
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

// A refused good signature is looked into.
func TestTheReasonForARefusalIsFound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		receiver http.Handler
		want     string
	}{
		{"JSON sorted", receiver{verify: rewriting(asMap)}, "written anew"},
		{"JSON spaced", receiver{verify: rewriting(spacedLike)}, "written anew"},
		{"milliseconds", receiver{verify: milliseconds}, "in seconds"},
		{"secret undecoded", receiver{verify: own(strings.TrimPrefix(string(secret), "whsec_"), joined)}, "Decode the base64 after whsec_"},
		{"secret with its prefix", receiver{verify: own(string(secret), joined)}, "Leave off whsec_"},
		{"body alone", receiver{verify: own(theKey(), func(_, _, body string) string { return body })}, "of the body alone"},
		{"no id", receiver{verify: own(theKey(), func(_, timestamp, body string) string { return timestamp + "." + body })}, "leaves out webhook-id"},
		{"another secret", receiver{verify: own("another", joined)}, "has this secret"},
		{"no such path", http.NotFoundHandler(), "path of the URL"},
		{"limited", statusHandler(429), "how often it is called"},
		{"broken", statusHandler(502), "It broke"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				report := examine(t, test.receiver, check.Options{Secret: secret, Only: words("stale")})
				signature := report.Checks[len(report.Checks)-2]
				if signature.Name != "signature" || signature.Verdict != check.Fail || !strings.Contains(signature.Mend, test.want) {
					t.Errorf("%+v, want a mend with %q", signature, test.want)
				}
				if stale := report.Checks[len(report.Checks)-1]; stale.Verdict != check.NotMade || !strings.Contains(stale.Mend, "Mend signature first") {
					t.Errorf("what builds on it: %+v", stale)
				}
			})
		})
	}
}

func statusHandler(code int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
}

func spacedLike(body []byte) []byte {
	return []byte(strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(string(body)))
}

func TestSlowAnswersAreNoticed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		takes  time.Duration
		failed string
		warned string
		says   string
	}{
		{900 * time.Millisecond, "", "https", "half within 900.0 ms, all within 900.0 ms"},
		{2 * time.Second, "", "https latency", "all within 2.0 s"},
		{6 * time.Second, "latency", "https", "204 No Content in 6.0 s"},
		{11 * time.Second, "answer", "https", "answer first and do the work afterwards"},
	} {
		t.Run(test.takes.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := testreceiver.InMemory(t)
				r.Slow(test.takes)
				report, err := check.Run(t.Context(), check.Options{
					URL: r.URL, Secret: secret, Only: words("latency"), Client: outbound.Options{DialContext: r.DialContext},
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := verdicts(report, check.Fail); !slices.Equal(got, words(test.failed)) {
					t.Errorf("failed are %v, want %v", got, test.failed)
				}
				if got := verdicts(report, check.Warning); !slices.Equal(got, words(test.warned)) {
					t.Errorf("warned of %v, want %v", got, test.warned)
				}
				if text := asText(t, report); !strings.Contains(text, test.says) {
					t.Errorf("the report does not say %q\n%s", test.says, text)
				}
			})
		})
	}
}

func asText(t *testing.T, r check.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheTokenIsEchoed(t *testing.T) {
	t.Parallel()
	const token = "a-token-that-nobody-knows"
	for _, test := range []struct {
		name string
		take func(http.ResponseWriter, *http.Request, []byte)
		want check.Verdict
	}{
		{"as text", echoing(func(token string) string { return token }), check.Pass},
		{"as a line", echoing(func(token string) string { return token + "\n" }), check.Pass},
		{"as JSON", echoing(func(token string) string { return `{"token": "` + token + `"}` }), check.Pass},
		{"another", echoing(func(string) string { return "ok" }), check.Fail},
		{"within a text", echoing(func(token string) string { return "the token is " + token }), check.Fail},
		{"204", nil, check.Fail},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				report := examine(t, receiver{take: test.take}, check.Options{Secret: secret, Token: token, Only: words("token_echo")})
				if last := report.Checks[len(report.Checks)-1]; last.Name != "token_echo" || last.Verdict != test.want {
					t.Errorf("%+v, want %s", last, test.want)
				}
				for _, hidden := range []string{token, string(secret), theKey()} {
					if strings.Contains(asText(t, report), hidden) {
						t.Errorf("the report tells %q", hidden)
					}
				}
			})
		})
	}
}

func TestWithoutASecretWhatNeedsNoneIsChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		report := examine(t, receiver{}, check.Options{})
		if got, want := verdicts(report, check.Pass), words("answer redirect bad_signature other_secret"); !slices.Equal(got, want) {
			t.Errorf("passed are %v, want %v", got, want)
		}
		for _, o := range report.Checks {
			if o.Verdict == check.NotMade && !strings.Contains(o.Mend, "PARLEY_WEBHOOK_SECRET") {
				t.Errorf("%s does not say how to give the secret: %q", o.Name, o.Mend)
			}
		}
		if want := "4 of 22 passed, 1 warning, 17 not made"; report.Grade() != want {
			t.Errorf("the grade is %q, want %q", report.Grade(), want)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		report := examine(t, receiver{verify: never}, check.Options{})
		if got, want := verdicts(report, check.Fail), words("bad_signature other_secret"); !slices.Equal(got, want) {
			t.Errorf("failed are %v, want %v", got, want)
		}
	})
}

func TestCertificatesAreLookedAt(t *testing.T) {
	t.Parallel()
	r := testreceiver.NewTLS(t)
	for _, test := range []struct {
		name   string
		client outbound.Options
		want   check.Verdict
	}{
		{"trusted", outbound.Options{RootCAs: r.RootCAs()}, check.Pass},
		{"not trusted", outbound.Options{}, check.Fail},
	} {
		report, err := check.Run(t.Context(), check.Options{URL: r.URL, Secret: secret, Client: test.client, Only: words("keep_alive")})
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Checks[0]; got.Name != "https" || got.Verdict != test.want {
			t.Errorf("%s: %+v, want %s", test.name, got, test.want)
		}
		if last := report.Checks[len(report.Checks)-1]; (last.Verdict == check.Pass) != (test.want == check.Pass) {
			t.Errorf("%s: over HTTP/2: %+v", test.name, last)
		}
	}
}

func TestAReceiverThatIsDownIsNotChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := testreceiver.InMemory(t)
		r.Down()
		report, err := check.Run(t.Context(), check.Options{URL: r.URL, Secret: secret, Client: outbound.Options{DialContext: r.DialContext}})
		if err != nil {
			t.Fatal(err)
		}
		if got := verdicts(report, check.Fail); !slices.Equal(got, words("answer")) || report.NotMade != len(report.Checks)-2 {
			t.Errorf("failed are %v, %s", got, report.Grade())
		}
	})
}

func TestWhatIsWrongWithTheOptionsIsSaid(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]check.Options{
		`there is no check "nonsense": there are https, answer, `: {URL: address, Only: words("stale nonsense")},
		"the URL must be an https:// URL":                         {URL: "ftp://example.com"},
		`sign: a secret must start with "whsec_"`:                 {URL: address, Secret: "nonsense"},
	} {
		if _, err := check.Run(t.Context(), o); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestItEndsAtOnceWhenToldTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := testreceiver.InMemory(t)
		r.Hang()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var begun []string
		time.AfterFunc(time.Second, stop)
		start := time.Now()
		_, err := check.Run(ctx, check.Options{
			URL: r.URL, Secret: secret, Client: outbound.Options{DialContext: r.DialContext},
			Begin: func(name string, _, _ int) { begun = append(begun, name) },
		})
		if !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if want := words("https answer"); !slices.Equal(begun, want) {
			t.Errorf("begun are %v, want %v", begun, want)
		}
	})
}
