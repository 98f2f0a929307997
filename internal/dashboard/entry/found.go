package entry

import (
	"context"
	"net/http"
	"net/mail"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/page"
)

// founding is the form that an organization is made with.
type founding struct {
	sheet

	Title, Text, Action, Button string
}

// keyScopes are those of an organization's first key: it is for trying things out, by
// its owner, who may do all of it anyway.
var keyScopes = []parley.Scope{"*"}

func setUpForm() founding {
	return founding{
		Title: "Set up Parley", Action: "/set-up", Button: "Set up",
		Text: "This server has no organization yet. Make the first one, and its owner, who can then invite others.",
	}
}

func signUpForm() founding {
	return founding{
		Title: "Sign up", Action: "/sign-up", Button: "Sign up",
		Text: "Make an organization of your own. Who was invited to one opens the link of the invitation instead.",
	}
}

func showSetUp(r *page.Request) error {
	if fresh, err := r.Site.Fresh(r.Context()); err != nil || !fresh {
		return orRedirect(r, err, "/")
	}
	return r.Alone("Set up", 0, foundingPage(setUpForm()))
}

// setUp makes the first organization. Of several who try at once one does.
func setUp(r *page.Request) error {
	if fresh, err := r.Site.Fresh(r.Context()); err != nil || !fresh {
		return orRedirect(r, err, "/")
	}
	return found(r, setUpForm(), func(ctx context.Context, f account.Founding) (made account.Founded, err error) {
		known, err := r.Site.Account.HasLogin(ctx, f.Email)
		if err == nil && known { // of an organization that is gone
			err = r.Site.Account.CheckPassword(ctx, f.Email, f.Password)
		}
		if err != nil {
			return made, err
		}
		return r.Site.Account.FoundFirst(ctx, f)
	})
}

func orRedirect(r *page.Request, err error, to string) error {
	if err != nil {
		return err
	}
	return r.Redirect(to)
}

func showSignUp(r *page.Request) error {
	if err := signUpIsOpen(r); err != nil {
		return err
	}
	if r.Site.Sessions.Email(r.Context()) != "" {
		return r.Redirect("/organizations")
	}
	return r.Alone("Sign up", 0, foundingPage(signUpForm()))
}

// signUp makes an organization for somebody who has no login yet. Who has one is to
// sign in first: their email alone does not say that it is them.
func signUp(r *page.Request) error {
	if err := signUpIsOpen(r); err != nil {
		return err
	}
	return found(r, signUpForm(), func(ctx context.Context, f account.Founding) (made account.Founded, err error) {
		known, err := r.Site.Account.HasLogin(ctx, f.Email)
		if err != nil {
			return made, err
		}
		if known {
			return made, parley.InvalidField("email", "has a login here already: sign in with it, and make the organization then")
		}
		return r.Site.Account.Found(ctx, f)
	})
}

func signUpIsOpen(r *page.Request) error {
	if !r.Site.SignUp {
		return parley.Errorf(parley.NotFound, "Nobody can sign up here by themselves: ask a member of your organization for an invitation.")
	}
	return nil
}

// found makes an organization of what was typed, and signs its owner in.
func found(r *page.Request, f founding, make func(context.Context, account.Founding) (account.Founded, error)) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	f.Typed = r.PostForm
	asked := account.Founding{
		Name: f.Typed.Get("name"), Owner: strings.TrimSpace(f.Typed.Get("owner")), Email: strings.TrimSpace(f.Typed.Get("email")),
		Password: f.Typed.Get("password"), Scopes: keyScopes,
	}
	err := attempt(r, "")
	if err == nil {
		err = checkFounding(asked)
	}
	var made account.Founded
	if err == nil {
		made, err = make(r.Context(), asked)
	}
	if err == nil {
		// Somebody else may have made a login of the email a moment ago.
		err = r.Site.Account.CheckPassword(r.Context(), asked.Email, asked.Password)
	}
	if err != nil {
		if err := f.refuse(err); err != nil {
			return err
		}
		return f.alone(r, f.Title, foundingPage(f))
	}
	if err := r.Site.Sessions.SignIn(r.Context(), asked.Email); err != nil {
		return err
	}
	return welcome(r, made)
}

func checkFounding(f account.Founding) error {
	var wrong []parley.FieldError
	if f.Owner == "" || utf8.RuneCountInString(f.Owner) > 200 {
		wrong = append(wrong, parley.FieldError{Location: "owner", Message: "must have 1 to 200 characters"})
	}
	if parsed, err := mail.ParseAddress(f.Email); err != nil || parsed.Address != f.Email || account.Login(f.Email) == "" {
		wrong = append(wrong, parley.FieldError{Location: "email", Message: "must be an email address"})
	}
	if len(wrong) > 0 {
		return parley.InvalidFields(wrong...)
	}
	return nil
}

// welcome shows what a new organization begins with. Its key is on this page only, so
// the page is the answer to the form and no page of its own.
func welcome(r *page.Request, made account.Founded) error {
	return r.Alone("Welcome", http.StatusOK, welcomePage(made, r.Base()))
}

// curl is a command that shows the API at work.
func curl(base, key string) string {
	return "curl -H 'Authorization: Bearer " + key + "' \\\n  " + base + "/v1/inboxes"
}
