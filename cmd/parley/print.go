package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"parley/cmd/parley/client"
)

// style colours text for a terminal, and leaves it alone for everybody else.
type style struct{ colours bool }

// styleOf is the style of what is written to w: coloured if that is a terminal and
// its owner did not ask for none (https://no-color.org).
func styleOf(w io.Writer, getenv func(string) string) style {
	file, ok := w.(*os.File)
	if !ok || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return style{}
	}
	info, err := file.Stat()
	return style{err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (s style) dim(text string) string   { return s.paint("2", text) }
func (s style) good(text string) string  { return s.paint("32", text) }
func (s style) bad(text string) string   { return s.paint("31", text) }
func (s style) label(text string) string { return s.paint("36", text) }

func (s style) paint(code, text string) string {
	if !s.colours {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// typeWidth is how wide a column of types is: longer ones push the rest aside.
const typeWidth = 30

// eventPrinter prints events, one a line.
type eventPrinter struct {
	to    io.Writer
	style style
	json  bool
}

func newEventPrinter(p *program, json bool) eventPrinter {
	return eventPrinter{p.stdout, styleOf(p.stdout, p.getenv), json}
}

func (e eventPrinter) print(event client.Event) {
	if e.json {
		fmt.Fprintf(e.to, "%s\n", event.JSON)
		return
	}
	fmt.Fprintf(e.to, "%s  %8d  %s  %-31s  %s\n",
		e.style.dim(event.Timestamp.Std().Local().Format(time.DateTime)), event.Sequence,
		e.style.label(fmt.Sprintf("%-*s", typeWidth, event.Type)), event.Subject(),
		e.style.dim(event.Actor.Type+" "+event.Actor.ID))
}
