"""A browser that visits every public page, those that only a POST shows too."""

from selenium import webdriver

from heedtest.chromium import Browser

POST = """
const form = document.createElement('form');
form.method = 'post'; form.action = arguments[0]; form.enctype = 'multipart/form-data';
for (const [name, value] of Object.entries(arguments[1])) {
  const field = document.createElement('input');
  field.type = 'hidden'; field.name = name; field.value = value; form.append(field);
}
document.body.append(form); form.submit();
"""


class Visitor:
    """Goes to pages of one site; `post` sends a form that nobody filled in by hand."""

    def __init__(self, driver: webdriver.Chrome, site: str) -> None:
        self.driver, self.site = driver, site

    def go(self, path: str) -> None:
        self.driver.get(self.site + path)

    def token(self, path: str) -> str:
        self.go(path)
        return str(self.driver.execute_script("return document.querySelector('[name=token]').value"))

    def post(self, path: str, **fields: str) -> None:
        if not self.driver.current_url.startswith(self.site):
            self.go("/en/receipt")
        self.driver.execute_script("window.heedOld = true")
        self.driver.execute_script(POST, path, fields)
        new = "return !window.heedOld && document.readyState === 'complete'"
        Browser(self.driver).until(lambda driver: driver.execute_script(new), f"an answer of {path}")
