package main

import "net/http"

func (s *stage) order() (string, error) {
	contact, err := s.contact()
	if err != nil {
		return "", err
	}
	return s.make("/v1/orders", object{
		"contact_id": contact, "amount": 1350, "currency": "EUR",
		"items": []object{{"name": pick("Sourdough, sliced", "Cinnamon bun", "Baguette"), "sku": "BAKE-7", "quantity": 3, "unit_amount": 450}},
	})
}

func (s *stage) raiseOrder() (string, error) {
	id, err := s.order()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPatch, "/v1/orders/"+id, object{"amount": 1700})
}

func (s *stage) payment() (string, error) {
	order, err := s.order()
	if err != nil {
		return "", err
	}
	return s.make("/v1/payments", object{"order_id": order, "amount": 1350, "currency": "EUR", "provider": "bank transfer", "reference": "trigger-" + word()})
}

// mergePayer merges the contact of a payment into another one.
func (s *stage) mergePayer() (string, error) {
	id, err := s.payment()
	if err != nil {
		return "", err
	}
	var payment struct {
		Contact string `json:"contact_id"`
	}
	if err := s.api.Do(s.ctx, http.MethodGet, "/v1/payments/"+id, nil, &payment); err != nil {
		return "", err
	}
	_, err = s.mergeContact(payment.Contact)
	return id, err
}

func (s *stage) refund() (string, error) {
	id, err := s.payment()
	if err != nil {
		return "", err
	}
	if err := s.do(http.MethodPost, "/v1/payments/"+id+"/confirm", object{}); err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/payments/"+id+"/refund", object{})
}

func (s *stage) pipeline() (string, error) {
	return s.make("/v1/pipelines", object{"name": "Weddings", "stages": []object{{"name": "Tasting"}, {"name": "Offer sent"}}})
}

func (s *stage) deal() (string, error) {
	id, _, err := s.newDeal()
	return id, err
}

// newDeal makes a deal at the first stage of a pipeline, and tells the second.
func (s *stage) newDeal() (id, second string, err error) {
	var pipeline struct {
		ID     string
		Stages []struct{ ID string }
	}
	body := object{"name": "Weddings", "stages": []object{{"name": "Tasting"}, {"name": "Offer sent"}}}
	if err := s.api.Do(s.ctx, http.MethodPost, "/v1/pipelines", body, &pipeline); err != nil {
		return "", "", err
	}
	contact, err := s.contact()
	if err != nil {
		return "", "", err
	}
	id, err = s.make("/v1/deals", object{
		"title": "Cake for 80 guests", "pipeline_id": pipeline.ID, "contact_id": contact, "amount": 32000, "currency": "EUR",
	})
	return id, pipeline.Stages[1].ID, err
}

func (s *stage) moveDeal() (string, error) {
	id, second, err := s.newDeal()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/deals/"+id+"/move", object{"stage_id": second})
}

func (s *stage) reopenDeal() (string, error) {
	id, err := s.deal()
	if err != nil {
		return "", err
	}
	if err := s.do(http.MethodPost, "/v1/deals/"+id+"/win", object{}); err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/deals/"+id+"/reopen", object{})
}
