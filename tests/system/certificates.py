"""An authority and certificates with every fault, made by openssl in a temporary folder."""
import pathlib
import subprocess


class Authority:
    def __init__(self, folder, name="street authority"):
        self.folder = pathlib.Path(folder)
        self.certificate = self.folder / "ca.pem"
        self.key = self.folder / "ca.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", self.key, "-out", self.certificate, "-days", "30",
                      "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(self, name, alternative="DNS:localhost,IP:127.0.0.1", expired=False):
        """Returns (certificate, key) for `name`; with `expired`, the certificate ended in 2020."""
        request, key = self.folder / f"{name}.csr", self.folder / f"{name}.key"
        certificate = self.folder / f"{name}.pem"
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={alternative}\n")
        if expired:
            (self.folder / "index.txt").write_text("")
            (self.folder / "serial").write_text("1000\n")
            config = self.folder / "ca.cnf"
            config.write_text(
                f"[ca]\ndefault_ca=own\n[own]\ndatabase={self.folder}/index.txt\n"
                f"serial={self.folder}/serial\nnew_certs_dir={self.folder}\ndefault_md=sha256\n"
                "policy=any\n[any]\ncommonName=supplied\n")
            self._openssl("ca", "-batch", "-config", config, "-cert", self.certificate,
                          "-keyfile", self.key, "-in", request, "-out", certificate, "-notext",
                          "-extfile", extensions,
                          "-startdate", "20190101000000Z", "-enddate", "20200101000000Z")
        else:
            self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                          "-CAcreateserial", "-days", "20", "-extfile", extensions,
                          "-out", certificate)
        return certificate, key

    def revoke(self, *certificates, last_day="20991231000000Z"):
        """A list (CRL) of these, that is to be renewed at its last day."""
        folder = self.folder / "revoking"
        folder.mkdir(exist_ok=True)
        (folder / "index.txt").touch()
        (folder / "number").write_text("01\n")
        config = folder / "ca.cnf"
        config.write_text(f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index.txt\ncrlnumber={folder}/number\n"
                          "default_md=sha256\ndefault_crl_days=30\n")
        own = ("-config", config, "-cert", self.certificate, "-keyfile", self.key)
        for certificate in certificates:
            self._openssl("ca", *own, "-revoke", certificate)
        made = self.folder / "revoked.pem"
        self._openssl("ca", *own, "-gencrl", "-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", last_day,
                      "-out", made)
        return made

    @staticmethod
    def _openssl(*arguments):
        answer = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                                timeout=30)
        assert answer.returncode == 0, answer.stderr
