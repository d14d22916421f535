"""The numbers the reconstruction rests on, each with where it comes from; metres, east-north-up at mid-span."""

# Net span and width agree in three sources (tmwt, ebossyun, qntrip); 103.67 m is taken as an overall length.
SPAN_M = 100.0
WIDTH_M = 2.8
HALF_M = SPAN_M / 2
# Not established. 3 m needs 100.24 m of chain, which the sources' rounded 101 m allows. Conjecture.
SAG_M = 3.0
# Deck to low water (tmwt).
WATER_UP_M = -14.5
# Nine deck chains at 33 cm centres (qntrip).
CHAIN_CENTRES_M = 0.33
DECK_NORTHS_M = [CHAIN_CENTRES_M * (i - 4) for i in range(9)]
# Two and two hand-rail chains are attested, their heights are not. Conjecture.
RAILS = [(side * north, over) for side in (-1, 1) for north, over in ((1.38, 0.52), (1.40, 1.02))]
# Bar 25 mm (qntrip); 127.5 m of chain in a mean of 936 links gives 0.136 m, rounded as the scene uses it.
BAR_M = 0.025
PITCH_M = 0.137
# Planks 3 m by 0.1 m, walkway 0.75 m, side strips 0.2 m, open like a lattice (cnfou).
PLANK_LENGTH_M = 3.0
PLANK_WIDTH_M = 0.1
WALKWAY_M = 0.75
STRIP_M = 0.2
# Thickness and spacing are our own: "like a lattice" gives neither. Conjecture.
PLANK_THICK_M = 0.045
PLANK_STEP_M = 0.19
# Top of the long planks over the middle of the chains: half a link, two layers.
TREAD_OVER_M = 0.04 + 2 * PLANK_THICK_M


def deck_up_m(east_m: float) -> float:
    """Height of the deck chains over the heads, as the scene computes it."""
    t = min(1.0, max(0.0, east_m / SPAN_M + 0.5))
    return -4.0 * SAG_M * t * (1.0 - t)
