package settings

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/noun"
	"parley/internal/quota"
	"parley/internal/schema"
)

// The forms of the page; each has fields of the organization.
var (
	nameForm      = form.Of[parley.Organization](form.Update).Only("name")
	retentionForm = form.Of[parley.Organization](form.Update).Only("retention_days").Change("retention_days", func(f *form.Field) {
		f.Help = "From 1 to 3650. Empty: as long as the server keeps it"
	})
)

func showGeneral(r *page.Request) error {
	return generalWith(r, http.StatusOK, formOf(r, nameForm), formOf(r, retentionForm))
}

func formOf(r *page.Request, set form.Set) form.Form {
	return form.Form{Set: set, Values: form.Values(r.Organization, set, r.Zone()), Zone: r.Zone()}
}

func generalWith(r *page.Request, status int, name, retention form.Form) error {
	usage, err := r.Site.Log.Quotas().Usage(r.Context(), r.Org())
	if err != nil {
		return err
	}
	return Show(r, general, "General", status, generalPage(generalView{
		Organization: r.Organization, May: r.Allows("organization:write"), Name: name, Retention: retention, Kept: kept(r, r.Organization.RetentionDays), Usage: bars(usage),
	}))
}

type generalView struct {
	Organization    parley.Organization
	May             bool
	Name, Retention form.Form
	Kept            string
	Usage           []bar
}

// rename changes the organization's name.
func rename(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	body := form.Body(r.PostForm, nameForm, r.Zone())
	_, err := r.Site.Account.UpdateOrganization(r.Context(), r.Caller(), noun.AnyVersion, func(o *parley.Organization) error {
		return schema.ReadUpdate(body, o)
	})
	if err == nil {
		return r.Done(general, "The name was saved.")
	}
	failed, ok := form.Form{Set: nameForm, Values: r.PostForm}.Fail(err)
	if !ok {
		return err
	}
	return generalWith(r, http.StatusUnprocessableEntity, failed, formOf(r, retentionForm))
}

// keepFor changes how long the log is kept. What would be lost by that is told first.
func keepFor(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	body := form.Body(r.PostForm, retentionForm, r.Zone())
	wanted := r.Organization
	if err := schema.ReadUpdate(body, &wanted); err != nil {
		failed, ok := form.Form{Set: retentionForm, Values: r.PostForm, Zone: r.Zone()}.Fail(err)
		if !ok {
			return err
		}
		return generalWith(r, http.StatusUnprocessableEntity, formOf(r, nameForm), failed)
	}
	days := r.PostForm.Get("retention_days")
	lost, before, err := losing(r.Context(), r, wanted.RetentionDays)
	if err != nil {
		return err
	}
	if lost > 0 && r.PostForm.Get("confirmed") != "yes "+days {
		return Show(r, general, "Keep less of the log", http.StatusOK, shortenPage(shortening{days, kept(r, wanted.RetentionDays), lost, before}))
	}
	_, err = r.Site.Account.UpdateOrganization(r.Context(), r.Caller(), noun.AnyVersion, func(o *parley.Organization) error {
		return schema.ReadUpdate(body, o)
	})
	if err != nil {
		return err
	}
	return r.Done(general, "The log is kept "+kept(r, wanted.RetentionDays)+" from now on.")
}

// shortening is a change by which a part of the log is lost.
type shortening struct {
	Days   string // as they were typed
	Kept   string
	Lost   int64
	Before parley.Time
}

// daysOf is how many days the log is kept; 0: for ever.
func daysOf(r *page.Request, own *int) int {
	if own != nil {
		return *own
	}
	return r.Site.RetentionDays
}

// kept says how long the log is kept.
func kept(r *page.Request, own *int) string {
	days := daysOf(r, own)
	if days == 0 {
		return "for ever"
	}
	return "for " + ui.Plural(days, "day", "days")
}

// losing is how many events of the log are older than it would be kept, and before when.
func losing(ctx context.Context, r *page.Request, own *int) (lost int64, before parley.Time, err error) {
	days := daysOf(r, own)
	if days == 0 {
		return 0, 0, nil
	}
	limit := time.Now().AddDate(0, 0, -days)
	last, err := r.Site.Log.Before(ctx, r.Org(), limit)
	if err != nil {
		return 0, 0, err
	}
	first, err := r.Site.Log.Oldest(ctx, r.Org())
	if err != nil || first == 0 {
		return 0, 0, err
	}
	return max(last-first+1, 0), parley.At(limit), nil
}

// bar is how much there is of something that there may be so much of.
type bar struct {
	Name, Said, Note string
	Used, Limit      string // of the progress; no limit, no bar
	Tone             ui.Tone
}

func bars(u quota.Usage) []bar {
	return []bar{
		newBar("Events today", u.EventsPerDay.Use, "Counted from midnight in UTC.", grouped),
		newBar("Objects", u.Objects, "All that has an id: contacts, conversations, messages and so on.", grouped),
		newBar("Storage", u.Storage, "Files that were attached or uploaded.", bytes),
	}
}

func newBar(name string, u quota.Use, note string, say func(int64) string) bar {
	b := bar{Name: name, Note: note, Said: say(u.Used) + ", with no limit"}
	if u.Limit == nil {
		return b
	}
	b.Said = say(u.Used) + " of " + say(*u.Limit)
	b.Used, b.Limit = strconv.FormatInt(min(u.Used, *u.Limit), 10), strconv.FormatInt(max(*u.Limit, 1), 10)
	switch {
	case u.Used >= *u.Limit:
		b.Tone, b.Note = ui.Bad, "All of it is used. Ask whoever runs this server for more."
	case u.Used*10 >= *u.Limit*9:
		b.Tone, b.Note = ui.Warn, "Nearly all of it is used. Ask whoever runs this server for more."
	}
	return b
}

// grouped writes a number with a space between thousands.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// bytes writes a number of bytes as people do.
func bytes(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	size, unit := float64(n), 0
	for size >= 1000 && unit < len(units)-1 {
		size, unit = size/1000, unit+1
	}
	if unit == 0 || size >= 100 {
		return strconv.FormatFloat(size, 'f', 0, 64) + " " + units[unit]
	}
	return strconv.FormatFloat(size, 'f', 1, 64) + " " + units[unit]
}
