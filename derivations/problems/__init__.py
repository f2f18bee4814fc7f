"""Problem sets: data files whose answers are derived."""
