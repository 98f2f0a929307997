package check

import "context"

// check is a promise of a good receiver and how it is put to the test.
type check struct {
	name    string
	promise string
	after   string // the check that it builds on
	signed  bool   // it needs the receiver's secret
	make    func(*exam, context.Context) finding
}

const tokenEcho = "token_echo"

// checks are all there are, in the order in which they are made.
func checks() []check {
	return []check{
		{"https", "is reached over https:// with a valid certificate", "", false, (*exam).https},
		{"answer", "answers", "https", false, (*exam).answers},
		{"redirect", "answers itself and does not redirect", "answer", false, (*exam).redirect},

		{"signature", "accepts a good signature", "redirect", true, (*exam).signature},
		{"rotation", "accepts several signatures of which one is good", "signature", true, (*exam).rotation},
		{"raw_bytes", "verifies the bytes that came, whatever they hold", "signature", true, (*exam).rawBytes},
		{"bad_signature", "refuses a bad signature", "signature", false, (*exam).badSignature},
		{"other_secret", "refuses a signature made with another secret", "signature", false, (*exam).otherSecret},
		{"changed_body", "refuses a body that was changed after signing", "signature", true, (*exam).changedBody},
		{"missing_headers", "refuses a request without the signature's headers", "signature", true, (*exam).missingHeaders},
		{"unknown_version", "refuses a signature of an unknown version", "signature", true, (*exam).unknownVersion},
		{"stale", "refuses an old timestamp", "signature", true, (*exam).stale},
		{"future", "refuses a timestamp in the future", "signature", true, (*exam).future},

		{"event_types", "takes every type of event", "signature", true, (*exam).eventTypes},
		{"unknown_type", "takes a type of event that it does not know", "signature", true, (*exam).unknownType},
		{"unknown_members", "takes members that it does not know", "signature", true, (*exam).unknownMembers},
		{"duplicate", "takes an event that it had before", "signature", true, (*exam).duplicate},
		{"large_payload", "takes a large payload", "signature", true, (*exam).largePayload},

		{"latency", "answers in time", "signature", true, (*exam).latency},
		{"at_once", "answers many requests at once", "signature", true, (*exam).atOnce},
		{"keep_alive", "keeps connections open", "signature", true, (*exam).keepAlive},
		{"answer_size", "answers briefly", "signature", true, (*exam).answerSize},
		{tokenEcho, "sends the token of its verification back", "signature", true, (*exam).echo},
	}
}

func checkNamed(name string) (check, bool) {
	for _, c := range checks() {
		if c.name == name {
			return c, true
		}
	}
	return check{}, false
}
