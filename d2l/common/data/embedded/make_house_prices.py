"""Invent the small tables of houses, by running this module.

No real house stands behind them. The logarithm of a price is a sum of what the
columns contribute, plus noise, so that a linear model can learn it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

_SEED = 20240229
_NUM_TRAIN, _NUM_TEST = 200, 80
_SHARE_MISSING = {
    "LotArea": 0.06,
    "YearBuilt": 0.03,
    "Heating": 0.05,
    "GarageSpaces": 0.04,
    "Condition": 0.03,
}
# What each category adds to the logarithm of the price.
_NEIGHBOURHOODS = {
    "Harbour": 0.25,
    "Hillside": 0.15,
    "Old Town": 0.05,
    "Mill Lane": -0.05,
    "Station": -0.2,
}
_HEATINGS = {"heat pump": 0.08, "district": 0.04, "gas": 0.0, "oil": -0.06}
_CONDITIONS = {"new": 0.12, "good": 0.05, "fair": -0.05, "poor": -0.2}


def make_houses(num_houses: int, seed: int) -> pd.DataFrame:
    """Houses with a price, one a row, with missing values in the features.

    Areas are in square metres, prices in thousands of no currency in particular.
    """
    generator = np.random.Generator(np.random.Philox(key=seed))
    living_area = np.exp(generator.normal(4.8, 0.3, num_houses))
    houses = pd.DataFrame(
        {
            "Id": np.arange(1, num_houses + 1),
            "LivingArea": living_area.round(),
            "LotArea": (living_area * generator.uniform(1.5, 8, num_houses)).round(),
            "YearBuilt": 2023 - generator.gamma(2, 20, num_houses).astype(int),
            "Neighbourhood": generator.choice(list(_NEIGHBOURHOODS), num_houses),
            "Heating": generator.choice(list(_HEATINGS), num_houses),
            "GarageSpaces": generator.integers(0, 4, num_houses),
            "Condition": generator.choice(list(_CONDITIONS), num_houses),
        }
    )
    noise = generator.normal(0, 0.08, num_houses)
    houses["SalePrice"] = np.exp(_log_price(houses) + noise).round(1)
    for column, share in _SHARE_MISSING.items():
        is_missing = generator.random(num_houses) < share
        houses[column] = houses[column].mask(is_missing)
    return houses


def _log_price(houses: pd.DataFrame) -> pd.Series:
    return (
        5.3
        + 0.006 * (houses["LivingArea"] - 125)
        + 0.0001 * houses["LotArea"]
        + 0.003 * (houses["YearBuilt"] - 1980)
        + 0.05 * houses["GarageSpaces"]
        + houses["Neighbourhood"].map(_NEIGHBOURHOODS)
        + houses["Heating"].map(_HEATINGS)
        + houses["Condition"].map(_CONDITIONS)
    )


def write_tables(folder: Path) -> None:
    """Write the training table and, without prices, the test table as CSV files."""
    houses = make_houses(_NUM_TRAIN + _NUM_TEST, _SEED)
    train, test = houses[:_NUM_TRAIN], houses[_NUM_TRAIN:].drop(columns="SalePrice")
    for part, table in (("train", train), ("test", test)):
        path = folder / f"house_prices_small_{part}.csv"
        table.to_csv(
            path, index=False, na_rep="NA", float_format="%.10g", lineterminator="\n"
        )


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
