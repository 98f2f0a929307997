package developers

import (
	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
)

// showReference shows a page of the API's documentation in the frame of the dashboard.
func showReference(r *page.Request) error {
	chapter, ok := r.Site.Reference(r.PathValue("path"))
	if !ok {
		return parley.Errorf(parley.NotFound, "The API reference has no page %s.", r.PathValue("path"))
	}
	return r.Page(page.Show{Title: chapter.Title, Current: reference, Width: ui.Full}, referencePage(chapter))
}
