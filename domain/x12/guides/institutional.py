"""837I, 005010X223A2: loops and segments in the notation of `domain.x12.guides.notation`."""

HEAD = """
ST R 1 1=837 2-3! 3!
BHT R 1 1=0019 2=00,18 3-5! 6=31,CH,RP
loop 1000A R 1
  NM1 R 1 1@41 2=1,2 3,9! 8=46 n6-7,10-12
  PER R 2 1@IC 3=EM,FX,TE 4! 5,7?EM,EX,FX,TE n9
loop 1000B R 1
  NM1 R 1 1@40 2=2 3,9! 8=46 n4-7,10-12
loop 2000A R *
  HL R 1 1! 3@20 4=1 n2
  PRV S 1 1@BI 2=PXC 3! n4-6
  CUR S 1 1@85 2! n3-21
  loop 2010AA R 1
    NM1 R 1 1@85 2=2 3! 8?XX n4-7,10-12
    N3 R 1 1!
    N4 R 1 1! n5-6
    REF R 1 1@EI 2! n3-4
    PER S 2 1@IC 3=EM,FX,TE 4! 5,7?EM,EX,FX,TE n9
  loop 2010AB S 1
    NM1 R 1 1@87 2=2 n3-12
    N3 R 1 1!
    N4 R 1 1! n5-6
  loop 2010AC S 1
    NM1 R 1 1@PE 2=2 3,9! 8=PI,XV n4-7,10-12
    N3 R 1 1!
    N4 R 1 1! n5-6
    REF S 1 1@2U,FY,NF 2! n3-4
    REF R 1 1@EI 2! n3-4
  loop 2000B R *
    HL R 1 1-2! 3@22 4=0,1
    SBR R 1 1=$PAYERS 2?18 9?$FILING n5-8
    loop 2010BA R 1
      NM1 R 1 1@IL 2=1,2 3! 8?II,MI n6,10-12
      N3 S 1 1!
      N4 S 1 1! n5-6
      DMG S 1 1=D8 2! 3=F,M,U n4-11
      REF S each 1@SY,Y4 2! n3-4
    loop 2010BB R 1
      NM1 R 1 1@PR 2=2 3,9! 8=PI,XV n4-7,10-12
      N3 S 1 1!
      N4 S 1 1! n5-6
      REF S 3 1@2U,EI,FY,NF 2! n3-4
      REF S 1 1@G2,LU 2! n3-4
    use 2300 S 100
    loop 2000C S *
      HL R 1 1-2! 3@23 4=0
      PAT R 1 1=$KIN n2-9
      loop 2010CA R 1
        NM1 R 1 1@QC 2=1 3! n6,8-12
        N3 R 1 1!
        N4 R 1 1! n5-6
        DMG R 1 1=D8 2! 3=F,M,U n4-11
        REF S each 1@Y4,1W,SY 2! n3-4
      use 2300 R 100
"""

CLAIM = """
loop 2300 S 100
  CLM R 1 1-2,5! 5.1! 5.2=A 5.3! 7=A,B,C 8=N,W,Y 9=I,Y 20?1,2,3,4,5,6,7,8,9,10,11,15 n3-4,6,10-19
  DTP S 1 1@096 2=TM 3!
  DTP R 1 1@434 2=RD8 3!
  DTP S 1 1@435 2=D8,DT 3!
  DTP S 1 1@050 2=D8 3!
  CL1 R 1 3! n4
  PWK S 10 1@$PWK 2@AA,BM,EL,EM,FT,FX 5?AC n3-4,7-9
  CN1 S 1 1@01,02,03,04,05,06,09
  AMT S 1 1@F3 2! n3
  REF S each 1@4N,9F,G1,F8,9A,9C 2! n3-4
  REF S 5 1@LX 2! n3-4
  REF S each 1@D9,LU,EA,P4,G4 2! n3-4
  K3 S 10 1! n2-3
  NTE S 10 1@ALG,DCP,DGN,DME,MED,NTR,ODT,RHB,RLH,RNH,SET,SFM,SPT,UPI 2!
  NTE S 1 1@ADD 2!
  CRC S 1 1@ZZ 2=N,Y 3=AV,NU,S2,ST n6-7
  HI R 1 1! 1.1@ABK,BK 1.2! 1.9?N,U,W,Y n2-12
  HI S 1 1! 1.1@ABJ,BJ 1.2! n2-12
  HI S 1 1! 1.1@APR,PR 1-3.2! 2-3.1=APR,PR n4-12
  HI S 1 1! 1.1@ABN,BN 1-12.2! 1-12.9?N,U,W,Y 2-12.1=ABN,BN
  HI S 1 1! 1.1@DR 1.2! n2-12
  HI S 2 1! 1.1@ABF,BF 1-12.2! 1-12.9?N,U,W,Y 2-12.1=ABF,BF
  HI S 1 1! 1.1@BBR,BR,CAH 1.2! 1.3=D8 1.4! n2-12
  HI S 2 1! 1.1@BBQ,BQ 1-12.2! 1-12.3=D8 1-12.4! 2-12.1=BBQ,BQ
  HI S 2 1! 1.1@BI 1-12.2! 1-12.3=RD8 1-12.4! 2-12.1=BI
  HI S 2 1! 1.1@BH 1-12.2! 1-12.3=D8 1-12.4! 2-12.1=BH
  HI S 2 1! 1.1@BE 1-12.2! 1-12.5! 2-12.1=BE
  HI S 2 1! 1.1@BG 1-12.2! 2-12.1=BG
  HI S 2 1! 1.1@TC 1-12.2! 2-12.1=TC
  HCP S 1 1@$PRICING 2! 11?DA,UN 13?T1,T2,T3,T4,T5,T6 14?1,2,3,4,5 15?1,2,3,4,5,6 n9-10
  loop 2310A S 1
    NM1 R 1 1@71 2=1 3! 8?XX n6,10-12
    PRV S 1 1@AT 2=PXC 3! n4-6
    REF S 4 1@0B,1G,G2,LU 2! n3-4
  loop 2310B S 1
    NM1 R 1 1@72 2=1 3! 8?XX n6,10-12
    REF S 4 1@0B,1G,G2,LU 2! n3-4
  loop 2310C S 1
    NM1 R 1 1@ZZ 2=1 3! 8?XX n6,10-12
    REF S 4 1@0B,1G,G2,LU 2! n3-4
  loop 2310D S 1
    NM1 R 1 1@82 2=1 3! 8?XX n6,10-12
    REF S 4 1@0B,1G,G2,LU 2! n3-4
  loop 2310E S 1
    NM1 R 1 1@77 2=2 3! 8?XX n4-7,10-12
    N3 R 1 1!
    N4 R 1 1! n5-6
    REF S 3 1@0B,G2,LU 2! n3-4
  loop 2310F S 1
    NM1 R 1 1@DN 2=1 3! 8?XX n6,10-12
    REF S 3 1@0B,1G,G2 2! n3-4
  loop 2320 S 10
    SBR R 1 1=$PAYERS 2=01,18,19,20,21,39,40,53,G8 9?$FILING n5-8
    CAS S 5 1@CO,OA,PI,PR 2-3!
    AMT S each 1@D,EAF,A8 2! n3
    OI R 1 3=N,W,Y 6=I,Y n1-2,4-5
    MIA S 1 1! n2
    MOA S 1
    loop 2330A R 1
      NM1 R 1 1@IL 2=1,2 3,9! 8=II,MI n6,10-12
      N3 S 1 1!
      N4 S 1 1! n5-6
      REF S 2 1@SY 2! n3-4
    loop 2330B R 1
      NM1 R 1 1@PR 2=2 3,9! 8=PI,XV n4-7,10-12
      N3 S 1 1!
      N4 S 1 1! n5-6
      DTP S 1 1@573 2=D8 3!
      REF S 2 1@2U,EI,FY,NF 2! n3-4
      REF S each 1@G1,9F,T4,F8 2! n3-4
    loop 2330C S 1
      NM1 R 1 1@71 2=1 n3-12
      REF R 4 1@0B,1G,G2,LU 2! n3-4
    loop 2330D S 1
      NM1 R 1 1@72 2=1 n3-12
      REF R 4 1@0B,1G,G2,LU 2! n3-4
    loop 2330E S 1
      NM1 R 1 1@ZZ 2=1 n3-12
      REF R 4 1@0B,1G,G2,LU 2! n3-4
    loop 2330F S 1
      NM1 R 1 1@77 2=2 n3-12
      REF R 3 1@0B,G2,LU 2! n3-4
    loop 2330G S 1
      NM1 R 1 1@82 2=1 n3-12
      REF R 4 1@0B,1G,G2,LU 2! n3-4
    loop 2330H S 1
      NM1 R 1 1@DN 2=1 n3-12
      REF R 3 1@0B,1G,G2 2! n3-4
    loop 2330I S 1
      NM1 R 1 1@85 2=2 n3-12
      REF R 2 1@G2,LU 2! n3-4
  use 2400 R 999
"""

LINE = """
loop 2400 R 999
  LX R 1 1!
  SV2 R 1 1,3,5! 2.1=ER,HC,HP,IV,WK 2.2! 4=DA,UN n6,8-10
  PWK S 10 1@$PWK 2@AA,BM,EL,EM,FT,FX 5?AC n3-4,7-9
  DTP S 1 1@472 2=D8,RD8 3!
  REF S each 1@6R,9B,9D 2! n3-4
  AMT S each 1@GT,N8 2! n3
  NTE S 1 1@TPO 2!
  HCP S 1 1@$PRICING 2! 9?ER,HC,HP,IV,WK 11?DA,UN 13?T1,T2,T3,T4,T5,T6 14?1,2,3,4,5 15?1,2,3,4,5,6
  loop 2410 S 1
    LIN R 1 2=N4 3! n1,4-31
    CTP R 1 4-5! 5.1=F2,GR,ME,ML,UN n1-3,6-11
    REF S 1 1@VY,XZ 2! n3-4
  loop 2420A S 1
    NM1 R 1 1@72 2=1 3! 8?XX n6,10-12
    REF S 20 1@0B,1G,G2,LU 2! 4.1=2U 4.2! n3
  loop 2420B S 1
    NM1 R 1 1@ZZ 2=1 3! 8?XX n6,10-12
    REF S 20 1@0B,1G,G2,LU 2! 4.1=2U 4.2! n3
  loop 2420C S 1
    NM1 R 1 1@82 2=1 3! 8?XX n6,10-12
    REF S 20 1@0B,1G,G2,LU 2! 4.1=2U 4.2! n3
  loop 2420D S 1
    NM1 R 1 1@DN 2=1 3! 8?XX n6,10-12
    REF S 20 1@0B,1G,G2 2! 4.1=2U 4.2! n3
  loop 2430 S 15
    SVD R 1 1-2,4-5! 3.1=ER,HC,HP,IV,WK 3.2!
    CAS S 5 1@CO,OA,PI,PR 2-3!
    DTP R 1 1@573 2=D8 3!
    AMT S 1 1@EAF 2! n3
"""
