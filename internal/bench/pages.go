package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// password is that of the demo's owner.
const password = "a password for the bench"

// webPage is a page of the dashboard that is asked for again and again.
type webPage struct {
	path string
	sent int // bytes, compressed
	took []time.Duration
}

// measurePages measures how long the pages of the dashboard take that its navigation
// leads to, in a demo organization, and how much a first visit sends.
func measurePages(ctx context.Context, r *run) (_ []Figure, err error) {
	w, err := r.newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.plantDemo(ctx); err != nil {
		return nil, err
	}
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	v, err := w.visit(ctx)
	if err != nil {
		return nil, err
	}
	rounds := 20 * r.scale.rounds
	tell := r.progress.step("asking for pages", int64(rounds))
	for round := range rounds {
		for _, p := range v.pages {
			if err := v.time(ctx, p); err != nil {
				return nil, err
			}
		}
		tell(int64(round + 1))
	}
	slowest := slices.MaxFunc(v.pages, func(a, b *webPage) int { return cmp.Compare(percentile(a.took, 95), percentile(b.took, 95)) })
	largest := slices.MaxFunc(v.pages, func(a, b *webPage) int { return cmp.Compare(a.sent, b.sent) })
	return []Figure{
		figure("slowest page of the dashboard, p95", percentile(slowest.took, 95).Seconds(), Seconds,
			fmt.Sprintf("demo organization, the %d pages of the navigation in turns, %d times each, over one connection; that was %s", len(v.pages), rounds, slowest.path)).atMost(.1),
		figure("first visit of the dashboard", float64(largest.sent+v.assets)/(1<<20), Mebibytes,
			"the largest page, "+largest.path+", with style sheet, script and icon, compressed").atMost(100e3 / (1 << 20)),
	}, nil
}

// visitor is somebody who is signed in to the dashboard.
type visitor struct {
	client *http.Client
	base   string
	pages  []*webPage
	assets int // bytes of what every page needs, compressed
}

var (
	navigation = regexp.MustCompile(`(?s)<nav id="side".*?</nav>`)
	links      = regexp.MustCompile(`<a href="(/[^"]+)"`)
	assetLinks = regexp.MustCompile(`"(/assets/[^"]+)"`)
)

// visit signs in as the demo's owner and finds the pages that the navigation leads to.
func (w *world) visit(ctx context.Context) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	v := &visitor{client: &http.Client{Jar: jar}, base: w.api.url}
	form := url.Values{"email": {"bench@example.com"}, "password": {password}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.base+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body, _, err := v.do(req)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	for _, link := range links.FindAllStringSubmatch(navigation.FindString(body), -1) {
		v.pages = append(v.pages, &webPage{path: link[1]})
	}
	if len(v.pages) == 0 {
		return nil, errors.New("sign in: the page that follows has no navigation")
	}
	for _, asset := range assetLinks.FindAllStringSubmatch(body, -1) {
		_, sent, err := v.get(ctx, asset[1])
		if err != nil {
			return nil, err
		}
		v.assets += sent
	}
	return v, nil
}

func (v *visitor) time(ctx context.Context, p *webPage) error {
	begun := time.Now()
	_, sent, err := v.get(ctx, p.path)
	p.took, p.sent = append(p.took, time.Since(begun)), sent
	return err
}

func (v *visitor) get(ctx context.Context, path string) (body string, sent int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.base+path, nil)
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip") // as browsers do; the body stays compressed
	return v.do(req)
}

// do makes a request and tells how many bytes its answer had, as it came.
func (v *visitor) do(req *http.Request) (body string, sent int, err error) {
	resp, err := v.client.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s answered %s", req.Method, req.URL.Path, resp.Status)
	}
	return string(text), len(text), err
}
