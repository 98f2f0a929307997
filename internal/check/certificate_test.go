package check

import (
	"testing"
	"time"
)

func TestACertificateIsRenewedInTime(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]Verdict{15 * 24 * time.Hour: Pass, 13 * 24 * time.Hour: Warning} {
		if f := certificate(event{}, time.Now().Add(left)); f.verdict != want {
			t.Errorf("%v before its end: %+v, want %s", left, f, want)
		}
	}
}
