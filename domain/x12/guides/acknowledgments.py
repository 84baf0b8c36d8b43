"""277CA, 005010X214, and 999, 005010X231A1: loops and segments in the notation of `domain.x12.guides.notation`."""

CLAIM_ACKNOWLEDGMENT = """
ST R 1 1=277 2-3!
BHT R 1 1=0085 2=08 3-5! 6=TH
loop 2000A R *
  HL R 1 1! 3@20 4=1 n2
  loop 2100A R 1
    NM1 R 1 1@PR,AY 2=2 3,9! 8=46,FI,PI,XV n4-7,10-12
  loop 2200A R *
    TRN R 1 1@1 2! n3-4
    DTP R 1 1@050 2=D8 3!
    DTP R 1 1@009 2=D8 3!
  loop 2000B R 1
    HL R 1 1-2! 3@21 4=0,1
    loop 2100B R 1
      NM1 R 1 1@41 2=1,2 3,9! 8=46 n6-7,10-12
    loop 2200B R 1
      TRN R 1 1@2 2! n3-4
      STC R * 1-2,4! 1,10-11.1! 1,10-11.2! 1.3?36,40,41,AY,PR 3=U,WQ n5-9,12
      QTY S each 1@90,AA 2! n3-4
      AMT S each 1@YU,YY 2! n3
    loop 2000C S *
      HL R 1 1-2! 3@19 4=0,1
      loop 2100C R 1
        NM1 R 1 1@85 2=1,2 3,9! 8=FI,SV,XX n10-11
      loop 2200C S 1
        TRN R 1 1@1 2! n3-4
        STC S * 1! 1,10-11.1! 1,10-11.2! 1.3?36,40,41,77,82,85,87,AY,PR 3=U,WQ n2,5-9,12
        REF S 1 1@0B,1G,G2,LU,SY,TJ 2! n3-4
        QTY S each 1@QA,QC 2! n3-4
        AMT S each 1@YU,YY 2! n3
      loop 2000D S *
        HL R 1 1-2! 3@PT n4
        loop 2100D R 1
          NM1 R 1 1@QC 2=1 3,9! 8=II,MI n10-11
        loop 2200D S *
          TRN R 1 1@2 2! n3-4
          STC R * 1-2,4! 1,10-11.1! 1,10-11.2! 1.3?$ENTITIES 3=U,WQ n5-9
          REF S each 1@1K,D9,BLT 2! n3-4
          DTP R 1 1@472 2=RD8,D8 3!
          loop 2220D S *
            SVC R 1 1-2! 1.1=AD,ER,HC,HP,IV,NU,WK 1.2! n3,5-6
            STC R * 1-2! 1,10-11.1! 1,10-11.2! 1.3?$ENTITIES 3=U n4-9,12
            REF S each 1@FJ,XZ 2! n3-4
            DTP S 1 1@472 2=D8,RD8 3!
"""

IMPLEMENTATION_ACKNOWLEDGMENT = """
ST R 1 1=999 2-3!
AK1 R 1 1@BE,HB,HC,HI,HN,HP,HR,HS,RA 2-3!
loop 2000 S *
  AK2 R 1 1=270,271,276,277,278,820,834,835,837 2!
  loop 2100 S *
    IK3 R 1 1-2! 4?1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9
    CTX S 9 1! 1.1@SITUATIONAL_TRIGGER
    CTX S * 1! 1.1!
    loop 2110 S *
      IK4 R 1 1! 1.1! 3=1,2,3,4,5,6,7,8,9,10,11,12,13,I10,I11,I12,I13,I6,I9
      CTX S 10 1! 1.1@SITUATIONAL_TRIGGER
  IK5 R 1 1=A,E,M,R,W,X 2-6?$SETCODES
AK9 R 1 1=A,E,M,P,R,W,X 2-4! 5-9?1,2,3,4,5,6,10,11,12,13,14,15,16,17,18,19,23,24,25,26
"""
