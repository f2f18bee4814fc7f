"""What an answer claims: equations, shapes, numbers, weights, choices and small sentences, each found at its line and judged."""
