"""Device profiles that several tests write beside their configuration."""

# A pump house that tells its level in centimetres; beyond two metres it is an alarm.
PUMP = '''name = "pump"
kind = "water_level"
[[reading]]
pointer = "/lvl"
quantity = "level"
unit = "m"
scale = 0.01
[[state_when]]
pointer = "/lvl"
above = 200
state = "alarm"
'''
