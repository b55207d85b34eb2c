from agents.recommendations.models.catalogue import CustomerEvent, Item
from agents.recommendations.models.segment import Segment
from agents.recommendations.models.served import ServedModel
from agents.recommendations.models.showing import OfferRules, Showing, Shown

__all__ = ["CustomerEvent", "Item", "OfferRules", "Segment", "ServedModel", "Showing", "Shown"]
