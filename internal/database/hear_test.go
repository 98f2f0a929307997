package database_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

func TestWhatIsSaidIsHeardByOtherProcesses(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	here, there := dbtest.Open(t, database.Config{URL: url}), dbtest.Open(t, database.Config{URL: url})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	heard, result := make(chan string, 100), make(chan error)
	go func() { result <- here.Hear(ctx, "weather", func(text string) { heard <- text }) }()
	if first := <-heard; first != "" {
		t.Errorf("the first call was %q", first)
	}
	long := strings.Repeat("ä", database.MaxSaid/2)
	here.Say("weather", "my own")
	there.Say("news", "of another topic")
	there.Say("weather", long+"ää")
	there.Say("weather", "no \x00 text")
	there.Say("weather", "no \xff text")
	want := []string{"rain", "and then sun", long, "the end"}
	for _, text := range want {
		there.Say("weather", text)
	}
	if err := there.Close(); err != nil { // which tells what is left
		t.Fatal(err)
	}
	there.Say("weather", "too late")
	var got []string
	for range want {
		got = append(got, <-heard)
	}
	if !slices.Equal(got, want) {
		t.Errorf("heard %.200q", got)
	}
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("Hear returned %v", err)
	}
	if len(heard) > 0 {
		t.Errorf("heard %q as well", <-heard)
	}
}

func TestNobodyHearsOnSQLite(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	db.Say("weather", "rain")
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	err := db.Hear(ctx, "weather", func(text string) { t.Errorf("heard %q", text) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Hear returned %v", err)
	}
}
