"""The price facts that the shipped lists were made from, written down a second time: type -> USD an hour."""

AWS_PER_VCPU = {
    4: "m5 .048, m5a .043, m6i .048, m6a .0432, m6g .0385, m7i .0504, m7a .05796, m7g .0408, m8i .05292, m8a .06086, "
    "m8g .04488",
    2: "c5 .0425, c5a .0385, c6i .0425, c6a .03825, c6g .034, c7i .044625, c7a .05132, c7g .03625, c8i .046855, "
    "c8a .053885, c8g .03988",
    8: "r5 .063, r5a .0565, r6i .063, r6a .0567, r6g .0504, r7i .06615, r7a .076075, r7g .05355, r8i .06946, "
    "r8a .07988, r8g .05891, i4i .0858, i8g .0858",
    7.62: "i3 .078",
}
AWS_WHOLE = (
    "t3.medium .0416, t3.large .0832, t3.xlarge .1664, t3.2xlarge .3328, t3a.medium .0376, t4g.medium .0336, "
    "g4dn.xlarge .526, g4dn.2xlarge .752, g4dn.12xlarge 3.912, g5.xlarge 1.006, g5.2xlarge 1.212, g5.12xlarge 5.672, "
    "g5.48xlarge 16.288, g6.xlarge .8048, g6.12xlarge 4.6016, g6e.xlarge 1.861, p3.2xlarge 3.06, p3.8xlarge 12.24, "
    "p4d.24xlarge 21.957642, p5.48xlarge 55.04, p5en.48xlarge 63.296, p6-b200.48xlarge 113.9328"
)
GCP = """
e2 .033506 .0452 .024735 40
n1 .0475 .059152 .035424 65
n2 .048559 .065507 .035848 53
n2d .042246 .05699 .031188 71
n4 .04535 .05951 .03827 51
c2 .052202 - - 52
c2d .045399 .061235 .037481 66
c3 .050402 .066154 .042526 75
c3d .045399 .061235 .037349 78
c4 .049418 .06517 .042526 40
c4a .0449 .05894 .03788 57
t2d .042246 - - 63
t2a .0385 - - 57
"""
GCP_WHOLE = """
g2-standard-4 .706832 .397336
g2-standard-8 .853624 .479872
a2-highgpu-1g 3.673385 1.92802
a2-highgpu-8g 29.38708 15.42416
a2-ultragpu-1g 5.068798 2.759546
a3-highgpu-8g 88.49 50.60954
"""
AZURE_PER_VCPU = (
    "Ds_v3 .048, Ds_v4 .048, Ds_v5 .048, Das_v5 .043, Dds_v5 .0565, Dps_v5 .0385, Ds_v6 .0504, Das_v6 .0454, "
    "Es_v3 .063, Es_v5 .063, Es_v6 .066147, Fs_v2 .042286, Bs_v2 .0416, Ls_v3 .087"
)
AZURE_WHOLE = "NC4as_T4_v3 .526, NC24ads_A100_v4 3.673, NC40ads_H100_v5 6.98, ND96isr_H100_v5 98.32"


def pairs(text):
    return [(name, float(price)) for name, price in (part.split() for part in text.split(","))]


def aws():
    """Of each family an xlarge, which has 4 vCPU."""
    of_family = [(f"{name}.xlarge", 4 * price) for text in AWS_PER_VCPU.values() for name, price in pairs(text)]
    return of_family + pairs(AWS_WHOLE)


def gcp():
    """Type, on-demand and spot; of each family a machine of 8 vCPU."""
    rows = []
    for line in GCP.split("\n"):
        family, *prices, discount = line.split() or ("", "")
        kinds = zip(("standard", "highmem", "highcpu"), prices, strict=True) if prices else ()
        rows += [
            (f"{family}-{kind}-8", 8 * float(price), 8 * float(price) * (1 - float(discount) / 100))
            for kind, price in kinds
            if price != "-"
        ]
    whole = [(name, float(price), float(spot)) for name, price, spot in map(str.split, GCP_WHOLE.split("\n")[1:-1])]
    return rows + whole


def azure():
    """Of each family a machine of 4 vCPU: Ds_v5 -> Standard_D4s_v5."""
    of_family = [(f"Standard_{name[0]}4{name[1:]}", 4 * price) for name, price in pairs(AZURE_PER_VCPU)]
    return of_family + [(f"Standard_{name}", price) for name, price in pairs(AZURE_WHOLE)]
