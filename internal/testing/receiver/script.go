package receiver

import (
	"net/http"
	"slices"
)

// steps are acts in order, each with the number of requests that it answers.
type steps struct {
	list []step
	used int // requests that the first of the list has answered
}

type step struct {
	act   http.HandlerFunc
	times int // 0: once if another step follows, for ever if none does
}

// next gives the act for the next request: 204 when the script has run out.
func (s *steps) next() http.HandlerFunc {
	if len(s.list) == 0 {
		return noContent
	}
	first := s.list[0]
	last := len(s.list) == 1
	s.used++
	if s.used >= max(first.times, 1) && (first.times > 0 || !last) {
		s.list, s.used = s.list[1:], 0
	}
	return first.act
}

func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// Script takes the next act: told to a Receiver, in place of its script; told
// after Then, following what was told before. A script runs from its start each
// time that something is added to it, so tell it whole before requests come.
type Script struct {
	receiver *Receiver
	after    *Act
}

// Act is one act of a script. Without Times it answers one request if another act
// follows, and all to come if none does.
type Act struct {
	receiver *Receiver
	steps    []step
}

// Times has the act answer n requests. When nothing follows, 204 does.
func (a *Act) Times(n int) *Act {
	a.steps[len(a.steps)-1].times = n
	return a.begin()
}

// Then says what follows.
func (a *Act) Then() Script { return Script{a.receiver, a} }

// begin starts the script from its first act.
func (a *Act) begin() *Act {
	a.receiver.mu.Lock()
	defer a.receiver.mu.Unlock()
	a.receiver.script = steps{list: slices.Clone(a.steps)}
	return a
}

// Func answers with a handler of the test's own.
func (s Script) Func(act http.HandlerFunc) *Act {
	var before []step
	if s.after != nil {
		before = s.after.steps
	}
	a := &Act{s.receiver, append(slices.Clip(before), step{act: act})}
	return a.begin()
}
