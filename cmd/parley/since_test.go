package main

import (
	"testing"
	"time"
)

func TestPlacesInTheLogCanBeNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"0": 0, "1": 0, "42": 41} {
		var s since
		if err := s.UnmarshalText([]byte(text)); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if f := s.filter(""); f.After != want || f.Since != nil {
			t.Errorf("%s begins after %d at %v, want after %d", text, f.After, f.Since, want)
		}
	}
	var at, ago since
	if err := at.UnmarshalText([]byte("2026-11-20T10:30:00+01:00")); err != nil {
		t.Fatal(err)
	}
	if f := at.filter("x"); !f.Since.Equal(time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)) || f.Types != "x" {
		t.Errorf("the time was read as %v", f.Since)
	}
	if err := ago.UnmarshalText([]byte("15m")); err != nil {
		t.Fatal(err)
	}
	if since := time.Since(*ago.filter("").Since); since < 15*time.Minute || since > 16*time.Minute {
		t.Errorf("15m was read as %v ago", since)
	}
	for _, text := range []string{"yesterday", "-1", "-15m", "2026-11-20", "1.5"} {
		if new(since).UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was taken for a place", text)
		}
	}
}
