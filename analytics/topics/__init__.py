"""What conversations are about, over time: found from the vectors of questions, named by their words."""
